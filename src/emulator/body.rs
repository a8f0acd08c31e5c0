//! The body of an answer, and the connection that may break off beneath it.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// How often a cut body lets the connection send before it breaks off.
const PAUSES: u8 = 3;

/// Breaks a connection off from within an answer.
#[derive(Clone, Default)]
pub(crate) struct Breaker {
    pulled: Arc<AtomicBool>,
    notice: Arc<Notify>,
}

impl Breaker {
    pub(crate) fn pull(&self) {
        self.pulled.store(true, Ordering::Release);
        self.notice.notify_one();
    }

    pub(crate) async fn pulled(&self) {
        self.notice.notified().await;
    }
}

/// The body of an answer: whole, or the first half of one.
pub(crate) struct AnswerBody {
    rest: Option<Bytes>,
    announced: u64,
    breaker: Option<Breaker>,
    pauses: u8,
}

impl AnswerBody {
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        let announced = bytes.len() as u64;
        Self {
            rest: Some(Bytes::from(bytes)).filter(|bytes| !bytes.is_empty()),
            announced,
            breaker: None,
            pauses: 0,
        }
    }

    pub(crate) fn cut(bytes: Vec<u8>, breaker: Breaker) -> Self {
        let announced = bytes.len() as u64;
        let half = bytes.len() / 2;
        let rest = Some(Bytes::from(bytes).slice(..half));
        Self { rest, announced, breaker: Some(breaker), pauses: PAUSES }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(bytes) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        let Some(breaker) = self.breaker.clone() else { return Poll::Ready(None) };
        match self.pauses.checked_sub(1) {
            // What has been written reaches the socket only while the body has nothing more to give.
            Some(left) => {
                self.pauses = left;
                context.waker().wake_by_ref();
            }
            None => breaker.pull(),
        }
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && self.breaker.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

/// A connection that ends with a reset where its breaker was pulled, and with a farewell otherwise.
pub(crate) struct Wire {
    stream: TcpStream,
    breaker: Breaker,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream, breaker: Breaker) -> Self {
        Self { stream, breaker }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.breaker.pulled.load(Ordering::Acquire) {
            // A linger time of zero makes the close a reset. Where that fails the client sees an early end instead.
            self.stream.set_zero_linger().ok();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

//! Ports of 127.0.0.1, and the connections that arrive there.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use http::StatusCode;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::answer::{Answer, Delivery};
use super::body::{AnswerBody, Breaker, Wire};
use super::call::Call;
use super::error::Error;
use super::imds;
use super::router;
use super::service::{Scheme, Service};
use super::state::State;

/// More than any request of an admin client; what is longer is answered as if it were empty.
const LONGEST_BODY: usize = 64 << 20;

/// A port that is bound and not yet served.
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    service: Service,
    scheme: Scheme,
}

impl Listener {
    pub(crate) fn bind(service: Service, scheme: Scheme) -> Result<Self, Error> {
        let bind = || {
            let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            socket.set_nonblocking(true)?;
            let address = socket.local_addr()?;
            Ok(Self { socket, address, service, scheme })
        };
        bind().map_err(Error::Listen)
    }

    /// Whose port it is.
    pub(crate) fn service(&self) -> Service {
        self.service
    }

    /// Scheme, host and port, without a slash at the end.
    pub(crate) fn origin(&self) -> String {
        format!("{}://{}", self.scheme.name(), self.address)
    }

    /// Serves until the runtime ends.
    pub(crate) async fn serve(self, state: Arc<State>, acceptor: TlsAcceptor) {
        let port = self.address.port();
        let seat = Arc::new(Seat { state, service: self.service, scheme: self.scheme, port });
        let Ok(socket) = tokio::net::TcpListener::from_std(self.socket) else { return };
        loop {
            // A connection that is gone before it was accepted is the client's affair.
            let Ok((stream, _)) = socket.accept().await else { continue };
            tokio::spawn(Arc::clone(&seat).welcome(stream, acceptor.clone()));
        }
    }
}

/// One service at one port.
struct Seat {
    state: Arc<State>,
    service: Service,
    scheme: Scheme,
    port: u16,
}

impl Seat {
    async fn welcome(self: Arc<Self>, stream: TcpStream, acceptor: TlsAcceptor) {
        stream.set_nodelay(true).ok();
        let breaker = Breaker::default();
        let wire = Wire::new(stream, breaker.clone());
        match self.scheme {
            Scheme::Http => self.converse(wire, breaker).await,
            Scheme::Https => match acceptor.accept(wire).await {
                Ok(stream) => self.converse(stream, breaker).await,
                Err(error) => tracing::debug!(target: "exo_mi::emulator", "TLS handshake failed: {error}"),
            },
        }
    }

    async fn converse(self: Arc<Self>, io: impl AsyncRead + AsyncWrite + Unpin + 'static, breaker: Breaker) {
        let broken = breaker.clone();
        let respond = service_fn(move |request| Arc::clone(&self).respond(request, breaker.clone()));
        let server = auto::Builder::new(TokioExecutor::new());
        tokio::select! {
            // Clients close connections as they like; there is nobody to tell.
            _ = server.serve_connection(TokioIo::new(io), respond) => {}
            () = broken.pulled() => {}
        }
    }

    async fn respond(
        self: Arc<Self>,
        request: Request<Incoming>,
        breaker: Breaker,
    ) -> Result<Response<AnswerBody>, Infallible> {
        let (parts, body) = request.into_parts();
        let under_way = imds::counts(self.service, parts.uri.path())
            .then(|| self.state.quota.begin(self.state.clock.elapsed()));
        let body = Limited::new(body, LONGEST_BODY).collect().await;
        let body = body.map_or_else(|_| Bytes::new(), http_body_util::Collected::to_bytes);
        let excess = under_way.as_ref().and_then(|request| request.excess);
        let call = Call { excess, ..Call::new(self.service, self.scheme, &parts, body) };
        let version = format!("{:?}", parts.version);
        let answer = Arc::clone(&self).carry_out(call, version).await;
        if answer.delivery == Delivery::Lost {
            breaker.pull();
            // The connection goes, and this with it.
            std::future::pending::<()>().await;
        }
        Ok(response(answer, breaker))
    }
}

impl Seat {
    /// What has arrived is carried out, whether somebody still waits for the answer or has gone.
    async fn carry_out(self: Arc<Self>, call: Call, version: String) -> Answer {
        let work = async move { router::answer(&self.state, &call, self.port, version).await };
        tokio::spawn(work).await.unwrap_or_else(|_| Answer::empty(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

fn response(answer: Answer, breaker: Breaker) -> Response<AnswerBody> {
    let body = match answer.delivery {
        Delivery::Whole | Delivery::Lost => AnswerBody::whole(answer.body),
        Delivery::CutShort => AnswerBody::cut(answer.body, breaker),
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

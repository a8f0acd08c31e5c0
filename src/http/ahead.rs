//! A connection that is opened while the token is still on its way, so that the first request finds it.
//!
//! The HTTP library opens connections for requests alone, and names none of the types that it makes them of. So this
//! stands around its connector: a request that is never sent makes the connector run, what comes of that is kept, and the
//! next one who wants a connection gets it. Rejected: looking up the name alone, which saves one round trip of three.
//!
//! It is for one client that talks to one service, and for what reads: a server may have closed a connection that waited,
//! which shows only when something is sent on it, and then nobody knows whether the server has read it.

use std::any::Any;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::oneshot;
use tower_layer::Layer;
use tower_service::Service;

use crate::clock::Clock;

/// What waited longer than this is not used: servers close what is idle, the hastiest of them after about so long.
const FRESH: Duration = Duration::from_secs(10);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the connector made, and when it had done so.
type Opened = (Result<Box<dyn Any + Send>, Failure>, Duration);

/// The place of one connection that is opened ahead.
#[derive(Clone, Debug)]
pub(super) struct Ahead {
    slot: Arc<Mutex<Slot>>,
    clock: Clock,
}

#[derive(Debug)]
enum Slot {
    /// Nobody has wanted a connection yet.
    Armed,
    /// It is being opened, or is open.
    Begun(oneshot::Receiver<Opened>),
    /// Everybody opens their own.
    Spent,
}

/// Why the request that opens the connection is not sent.
#[derive(Debug, thiserror::Error)]
#[error("the connection is kept for the first request")]
struct Kept;

tokio::task_local! {
    /// Set for the request that is never sent. The connector is not told which request it runs for.
    static OPENING: ();
}

impl Ahead {
    pub(super) fn new(clock: Clock) -> Self {
        Self { slot: Arc::new(Mutex::new(Slot::Armed)), clock }
    }

    /// Opens the connection by a request that is never sent, unless another request has come first.
    pub(super) async fn open(self, unsent: impl Future) {
        // Between this and the connector nothing is waited for.
        if matches!(*self.slot(), Slot::Armed) {
            // What comes of it is known to the first request.
            OPENING.scope((), unsent).await;
        }
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the one who wants a connection does.
    fn turn(&self) -> Turn {
        let opens = OPENING.try_with(|()| ()).is_ok();
        let mut slot = self.slot();
        match (std::mem::replace(&mut *slot, Slot::Spent), opens) {
            (Slot::Armed, true) => {
                let (opened, opening) = oneshot::channel();
                *slot = Slot::Begun(opening);
                Turn::Open(opened)
            }
            (Slot::Begun(opening), false) => Turn::Take(opening),
            // Somebody came first.
            (before, true) => {
                *slot = before;
                Turn::None
            }
            (_, false) => Turn::Own,
        }
    }

    /// The connection, where it was opened and has not waited for too long.
    async fn take<T: 'static>(&self, opening: oneshot::Receiver<Opened>) -> Option<Result<T, Failure>> {
        let (outcome, at) = opening.await.ok()?;
        if self.clock.elapsed().saturating_sub(at) > FRESH {
            tracing::debug!("the connection that was opened ahead has waited too long");
            return None;
        }
        match outcome {
            Ok(connection) => Some(Ok(*connection.downcast().ok()?)),
            Err(failure) => Some(Err(failure)),
        }
    }
}

enum Turn {
    Open(oneshot::Sender<Opened>),
    Take(oneshot::Receiver<Opened>),
    Own,
    None,
}

impl<S> Layer<S> for Ahead {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector { ahead: self.clone(), inner }
    }
}

/// The library's connector with the place around it.
#[derive(Clone)]
pub(super) struct Connector<S> {
    ahead: Ahead,
    inner: S,
}

impl<S, To> Service<To> for Connector<S>
where
    S: Service<To, Error = Failure>,
    S::Response: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, Failure>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, to: To) -> Self::Future {
        let own = self.inner.call(to);
        let ahead = self.ahead.clone();
        match ahead.turn() {
            Turn::Own => Box::pin(own),
            Turn::None => Box::pin(std::future::ready(Err(Kept.into()))),
            Turn::Open(opened) => Box::pin(async move {
                let outcome = own.await.map(|connection| Box::new(connection) as Box<dyn Any + Send>);
                // Nobody takes it any more where the command has ended.
                let _ = opened.send((outcome, ahead.clock.elapsed()));
                Err(Kept.into())
            }),
            // What was not polled has not begun.
            Turn::Take(opening) => Box::pin(async move {
                match ahead.take(opening).await {
                    Some(taken) => taken,
                    None => own.await,
                }
            }),
        }
    }
}

//! What can go wrong between here and a complete reply.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use super::{End, Reply};
use crate::stop::Signal;

/// A request that brought no complete reply.
#[derive(Debug, thiserror::Error)]
#[error("{kind} ({origin})")]
pub struct Error {
    /// What happened.
    pub kind: Kind,
    /// Scheme, host and port that were called.
    pub origin: String,
    /// How many requests were made in all.
    pub attempts: u32,
    /// How long it took in all.
    pub elapsed: Duration,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The situations that callers tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// The name has no address.
    #[error("the name could not be looked up")]
    NameLookup,
    /// The connection was refused, or there is no way to that address.
    #[error("nothing listens there")]
    Refused,
    /// No connection within the time for it.
    #[error("no connection was made in time")]
    ConnectTimeout,
    /// The proxy refused or failed.
    #[error("the proxy did not make the connection")]
    Proxy,
    /// The TLS handshake failed.
    #[error("no trusted TLS connection could be made")]
    Tls,
    /// The connection ended before the reply was complete.
    #[error("the connection was lost before the reply was complete")]
    Lost,
    /// The reply was not complete within the request's own limit.
    #[error("the reply did not arrive in time")]
    Timeout,
    /// The whole command ended while the request was on its way.
    #[error("{0}")]
    Ended(End),
    /// The whole command ended, or would have, before the request left, or left once more.
    #[error("{0}, or leaves no time for another attempt")]
    NotBegun(End),
    /// The reply is larger than anything that belongs here.
    #[error("the reply is larger than the limit")]
    TooLarge,
    /// The body of a success is not in the encoding that it claims.
    #[error("the reply claims gzip and is not")]
    NotGzip,
}

impl Kind {
    /// Whether the order to stop ended it.
    pub fn stopped(self) -> Option<Signal> {
        match self {
            Self::Ended(End::Stopped(signal)) | Self::NotBegun(End::Stopped(signal)) => Some(signal),
            _ => None,
        }
    }

    /// Whether the request certainly never left: a write may then be sent again. The attempt for which there was no
    /// time never left either, and those before it were such as may be followed by another.
    pub fn is_before_sending(self) -> bool {
        matches!(
            self,
            Self::NameLookup
                | Self::Refused
                | Self::ConnectTimeout
                | Self::Proxy
                | Self::Tls
                | Self::NotBegun(_)
        )
    }
}

impl Error {
    pub(super) fn new(kind: Kind, origin: String) -> Self {
        Self { kind, origin, attempts: 1, elapsed: Duration::ZERO, source: None }
    }

    /// The same error with the outcome that came before it.
    pub(super) fn because(self, outcome: &Result<Reply, Self>) -> Self {
        let said = match outcome {
            Ok(reply) => format!("the last reply was {}", reply.status),
            Err(error) => error.kind.to_string(),
        };
        Self { source: Some(said.into()), ..self }
    }

    /// The same error at the end of a retry loop.
    pub(super) fn after(self, attempts: u32, elapsed: Duration) -> Self {
        Self { attempts, elapsed, ..self }
    }

    /// Classifies an error of the HTTP library, once and for all. Its own text, which may hold the URL with its
    /// query, is dropped; the causes beneath it are kept.
    pub(super) fn from_reqwest(error: reqwest::Error, origin: String) -> Self {
        let kind = classify(&error);
        let source = innermost(&error.without_url());
        Self { kind, origin, attempts: 1, elapsed: Duration::ZERO, source }
    }
}

fn classify(error: &reqwest::Error) -> Kind {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Kind::ConnectTimeout,
        (true, false) => unconnected(error),
        (false, true) => Kind::Timeout,
        // Whatever broke an open connection, the request may have arrived: only a connection that was never made is
        // certain to have carried nothing.
        (false, false) => Kind::Lost,
    }
}

/// Why no connection was made. The outermost text names the URL, which may hold any of the words looked for.
fn unconnected(error: &reqwest::Error) -> Kind {
    let causes = &chain(error)[1..];
    let says = |text: &str| causes.iter().any(|cause| cause.to_string().contains(text));
    if causes.iter().any(|cause| is_tls(*cause)) {
        Kind::Tls
    } else if says("tunnel") || says("proxy") {
        Kind::Proxy
    } else if says("dns error") {
        Kind::NameLookup
    } else if io_kinds(causes).any(|kind| kind == io::ErrorKind::TimedOut) {
        Kind::ConnectTimeout
    } else {
        Kind::Refused
    }
}

/// An I/O error hides what it carries from the chain of causes, and the HTTP library puts one into another.
fn is_tls(cause: &(dyn StdError + 'static)) -> bool {
    let carried = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    cause.is::<rustls::Error>() || carried.is_some_and(|carried| is_tls(carried))
}

fn io_kinds<'a>(causes: &'a [&'a (dyn StdError + 'static)]) -> impl Iterator<Item = io::ErrorKind> + 'a {
    causes.iter().filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind)
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> Vec<&'a (dyn StdError + 'static)> {
    let mut causes = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    causes
}

/// The last cause as a text of its own: the layers above it only repeat that sending failed.
fn innermost(error: &reqwest::Error) -> Option<Box<dyn StdError + Send + Sync>> {
    let last = chain(error).last().map(ToString::to_string)?;
    Some(last.into())
}

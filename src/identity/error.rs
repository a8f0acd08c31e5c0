//! Why there is no token.

use super::answer::Unreadable;
use super::{Detection, IdentitySelector, TokenSource};
use crate::http;

/// "Not set up here" and "set up, and failing" are different errors: the first is mended on the host, the second at
/// the endpoint.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A source was recognised that this version takes no token from.
    #[error("this host's identity source is {}, from which this version takes no token", detection.source)]
    Unsupported {
        /// The source and what decided for it.
        detection: Detection,
    },
    /// The user named a source that is not set up here.
    #[error("{token_source} is not set up on this host: {missing} is not set")]
    NotConfigured {
        /// The source that was named.
        token_source: TokenSource,
        /// The first variable that is missing.
        missing: &'static str,
    },
    /// One variable of a pair is set.
    #[error("{variable} is set and {missing} is not, which belongs to no known host")]
    Incomplete {
        /// The one that is set.
        variable: &'static str,
        /// The one that would be expected beside it.
        missing: &'static str,
    },
    /// A variable that names an endpoint cannot be used.
    #[error("{variable}, which names the endpoint of {token_source}, cannot be used: {why}")]
    BadEndpoint {
        /// The source.
        token_source: TokenSource,
        /// The variable.
        variable: &'static str,
        /// What is wrong with it, without its value: addresses of workers hold account ids.
        why: &'static str,
    },
    /// No complete reply came.
    #[error("no token from {}", detection.source)]
    NoReply {
        /// The source and what decided for it.
        detection: Detection,
        /// What happened.
        #[source]
        error: http::Error,
    },
    /// The endpoint answered with an error.
    #[error("{} refused to give a token ({})", refusal.detection.source, refusal.status)]
    Refused {
        /// What it said.
        refusal: Box<Refusal>,
    },
    /// The endpoint answered with a success that holds no usable token.
    #[error("{} answered without a usable token", detection.source)]
    Unreadable {
        /// The source and what decided for it.
        detection: Detection,
        /// What is wrong.
        #[source]
        why: Unreadable,
    },
    /// The token belongs to another identity than the one asked for, or does not say whose it is.
    #[error("the endpoint answered with another identity than {asked}")]
    OtherIdentity {
        /// What was asked for.
        asked: IdentitySelector,
        /// Whose the token is; `None` where nothing says it.
        got: Option<String>,
    },
}

/// An error reply of an identity endpoint.
#[derive(Debug)]
pub struct Refusal {
    /// The source and what decided for it.
    pub detection: Detection,
    /// Who was asked for.
    pub selector: IdentitySelector,
    /// The HTTP status.
    pub status: u16,
    /// The machine-readable code, such as `invalid_request`.
    pub code: Option<String>,
    /// The text for people; empty where there is none.
    pub message: String,
    /// The id by which the endpoint's operator finds the request.
    pub correlation_id: Option<String>,
    /// How many requests were made.
    pub attempts: u32,
    /// How long it took, waits included.
    pub elapsed: std::time::Duration,
}

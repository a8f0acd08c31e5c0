//! Why there is no token.

use std::path::PathBuf;

use super::answer::Unreadable;
use super::arc_key::ArcFault;
use super::{Detection, IdentitySelector, TokenSource};
use crate::http;
use crate::token::TokenFault;

/// "Not set up here" and "set up, and failing" are different errors: the first is mended on the host, the second at
/// the endpoint.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The source is Cloud Shell, which has no token for an application.
    #[error("{} hands out the token of a person, which Exchange takes no cmdlets from", detection.source)]
    PersonsToken {
        /// The source and what decided for it.
        detection: Detection,
    },
    /// The source does not know this kind of selector.
    #[error("{} cannot be asked by {selector}", detection.source)]
    SelectorUnsupported {
        /// The source and what decided for it.
        detection: Detection,
        /// What was asked for.
        selector: IdentitySelector,
        /// The option that the source does know.
        instead: &'static str,
    },
    /// The Azure Arc agent's challenge was not answered.
    #[error("no token from {}", detection.source)]
    Challenge {
        /// The source and what decided for it.
        detection: Detection,
        /// What is wrong.
        #[source]
        why: ArcFault,
    },
    /// A file with a federated token cannot be read.
    #[error("the federated token in {} cannot be read", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: std::io::Error,
    },
    /// The token that was given cannot be used.
    #[error("the access token given cannot be used")]
    Given {
        /// What is wrong.
        #[source]
        why: TokenFault,
    },
    /// The assertion could not be signed.
    #[error("the certificate's key did not sign")]
    Signature,
    /// The authority does not know the organization.
    #[error("the authority knows no organization `{organization}`")]
    UnknownOrganization {
        /// What was asked for.
        organization: String,
    },
    /// The organization could not be looked up.
    #[error("the tenant of `{organization}` could not be looked up at the authority")]
    Discovery {
        /// What was asked for.
        organization: String,
        /// The status of the reply, where one came.
        status: Option<u16>,
        /// What happened, where no reply came.
        #[source]
        error: Option<http::Error>,
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
    #[error("no token from {}", detection.source.asked())]
    NoReply {
        /// The source and what decided for it.
        detection: Detection,
        /// What happened.
        #[source]
        error: http::Error,
    },
    /// The endpoint answered with an error.
    #[error("{} refused to give a token ({})", refusal.detection.source.asked(), refusal.status)]
    Refused {
        /// What it said.
        refusal: Box<Refusal>,
    },
    /// The endpoint answered with a success that holds no usable token.
    #[error("{} answered without a usable token", detection.source.asked())]
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

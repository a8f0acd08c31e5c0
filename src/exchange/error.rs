//! Why a cmdlet has no result.

use std::time::Duration;

use uuid::Uuid;

use super::ServiceError;
use super::envelope::Unreadable;
use crate::http;
use crate::secret::{Secret, blank_text};

/// What can go wrong when a cmdlet is run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No complete reply came.
    #[error("no reply from Exchange Online to `{cmdlet}`")]
    NoReply {
        /// The cmdlet.
        cmdlet: String,
        /// Whether it may have been executed and changed something.
        in_doubt: bool,
        /// The number by which this command's requests are found.
        client_request_id: Uuid,
        /// What happened.
        #[source]
        error: http::Error,
    },
    /// Exchange answered with an error status.
    #[error("Exchange Online refused `{}` ({})", refusal.cmdlet, refusal.status)]
    Refused {
        /// What it said.
        refusal: Box<Refusal>,
    },
    /// A success that is no page.
    #[error("the reply of Exchange Online to `{cmdlet}` could not be read")]
    Unreadable {
        /// The cmdlet.
        cmdlet: String,
        /// Whether it may have been executed and changed something.
        in_doubt: bool,
        /// The number by which this command's requests are found.
        client_request_id: Uuid,
        /// What is wrong with it.
        #[source]
        why: Unreadable,
    },
    /// The next page must not be asked for.
    #[error("the next page of `{cmdlet}` cannot be fetched")]
    Paging {
        /// The cmdlet.
        cmdlet: String,
        /// What is wrong with the link.
        #[source]
        why: PagingFault,
    },
    /// A token that cannot be sent.
    #[error("the access token holds characters that no header can carry")]
    BadToken,
}

/// What is wrong with a next link.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PagingFault {
    /// It leads to another host, which must not see the token.
    #[error("the link leads to {0}, which was not the host called")]
    ForeignHost(String),
    /// It was followed before.
    #[error("the link was followed before: the service goes in circles")]
    Repeated,
    /// Page after page comes without a row.
    #[error("page after page comes without a row, and each promises another")]
    NoRows,
    /// It is no URL.
    #[error("the link is no address")]
    NotAnAddress,
    /// It belongs to a list within an object, of which a part came.
    #[error("the service sent a part of a list, and a link to the rest of it within an object")]
    Within,
}

impl PagingFault {
    /// The same fault without a secret that the link repeats.
    #[must_use]
    pub fn without(self, secret: &Secret) -> Self {
        match self {
            Self::ForeignHost(host) => Self::ForeignHost(blank_text(&host, secret)),
            other => other,
        }
    }
}

/// An error reply of Exchange.
#[derive(Debug)]
pub struct Refusal {
    /// The cmdlet.
    pub cmdlet: String,
    /// Whether the cmdlet may change something.
    pub writes: bool,
    /// Whether this was a later page.
    pub later_page: bool,
    /// The HTTP status.
    pub status: u16,
    /// What the service said.
    pub said: ServiceError,
    /// The reason of `x-ms-diagnostics`, where the body is mute.
    pub diagnostics: Option<String>,
    /// The host that a 3xx points to.
    pub redirect: Option<String>,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
    /// The service's own number of the request.
    pub request_id: Option<String>,
    /// The number by which this command's requests are found.
    pub client_request_id: Uuid,
    /// How many requests were made.
    pub attempts: u32,
    /// How long it took, waits included.
    pub elapsed: Duration,
}

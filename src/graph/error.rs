//! Why something could not be read or granted.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use uuid::Uuid;

use super::principal::{Principal, Wanted};
use crate::http::{self, Reply};
use crate::token::UnverifiedClaims;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// TLS or the client could not be set up.
    #[error(transparent)]
    Tls(#[from] http::TlsError),
    /// A token that cannot be sent.
    #[error("the token for Microsoft Graph holds characters that no header can carry")]
    BadToken,
    /// No complete reply came.
    #[error("no reply from Microsoft Graph to the request to {what}")]
    NoReply {
        /// What was asked, as an infinitive.
        what: String,
        /// The number by which the request is found.
        client_request_id: Uuid,
        /// What happened.
        #[source]
        error: http::Error,
    },
    /// Graph answered with an error status.
    #[error("Microsoft Graph refused to {} ({})", refusal.what, refusal.status)]
    Refused {
        /// What it said.
        refusal: Box<Refusal>,
    },
    /// A success that is not what was asked for.
    #[error("the reply of Microsoft Graph to the request to {what} could not be read")]
    Unreadable {
        /// What was asked.
        what: String,
        /// The number by which the request is found.
        client_request_id: Uuid,
        /// What the reader said.
        #[source]
        error: serde_json::Error,
    },
    /// The next page must not be asked for.
    #[error("the next page cannot be fetched from Microsoft Graph, which was asked to {what}")]
    Paging {
        /// What was asked.
        what: String,
        /// What is wrong with the link.
        #[source]
        why: PagingFault,
    },
    /// A write that may or may not have been carried out, and looking did not tell.
    #[error("it is not known whether Microsoft Graph did {what}")]
    InDoubt {
        /// What was to be done.
        what: String,
        /// What became of the request.
        #[source]
        error: Box<Self>,
    },
    /// The tenant has no such service principal.
    #[error("the tenant has no service principal with the {wanted}")]
    NoPrincipal {
        /// What was looked for.
        wanted: Wanted,
        /// One that has this GUID as its other id.
        mistaken: Option<Box<Principal>>,
    },
    /// Several have the name.
    #[error("{} service principals have the {wanted}", candidates.len())]
    Ambiguous {
        /// What was looked for.
        wanted: Wanted,
        /// All of them.
        candidates: Vec<Principal>,
    },
    /// The tenant does not have Exchange Online.
    #[error("the tenant has no service principal of Office 365 Exchange Online")]
    NoExchange,
    /// It has, without the app role.
    #[error("Office 365 Exchange Online of this tenant does not offer the app role {app_role}")]
    NoAppRole {
        /// The app role.
        app_role: &'static str,
    },
}

/// What is wrong with a next link.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PagingFault {
    /// It leads to another host, which must not see the token.
    #[error("the link leads to {0}, which was not the host called")]
    ForeignHost(String),
    /// It was followed before, or there is no end to the pages.
    #[error("the service goes in circles")]
    Circle,
    /// It is no URL.
    #[error("the link is no address")]
    NotAnAddress,
}

/// An error reply of Graph.
#[derive(Debug)]
pub struct Refusal {
    /// What was asked, as an infinitive.
    pub what: String,
    /// The HTTP status.
    pub status: u16,
    /// What the service said.
    pub said: ServiceError,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
    /// The host that a 3xx points to.
    pub redirect: Option<String>,
    /// The service's own number of the request.
    pub request_id: Option<String>,
    /// The number by which the request is found.
    pub client_request_id: Uuid,
    /// How many requests were made.
    pub attempts: u32,
    /// How long it took, waits included.
    pub elapsed: Duration,
    /// What the token says of who asks.
    pub caller: Option<Box<UnverifiedClaims>>,
}

/// What Graph says in the body of an error.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct ServiceError {
    /// A word such as `Authorization_RequestDenied`.
    pub code: String,
    /// A sentence.
    pub message: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    error: ServiceError,
}

impl ServiceError {
    /// What a reply says; nothing where it is a success or says nothing that can be read.
    pub(super) fn of(reply: &Reply) -> Self {
        if reply.is_success() {
            return Self::default();
        }
        serde_json::from_slice::<Body>(&reply.body).unwrap_or_default().error
    }

    /// Whether a grant is refused because it is there already. The directory says so in three ways; the 409 of Azure's
    /// own role assignments (`RoleAssignmentExists`) is none of them.
    pub(super) fn is_duplicate(&self, status: u16) -> bool {
        const SENTENCES: [&str; 2] = ["already exists on the object", "conflicting object with one or more"];
        let said = SENTENCES.iter().any(|sentence| self.message.contains(sentence));
        match status {
            400 => said,
            409 => said || self.code == "Request_MultipleObjectsWithSameKeyValue",
            _ => false,
        }
    }

    /// Whether the server that answered does not know yet what was made a moment ago.
    pub fn is_not_replicated(&self) -> bool {
        self.message.contains("does not exist or one of its queried reference-property objects")
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code.as_str(), self.message.as_str()) {
            ("", message) => f.write_str(message),
            (code, "") => f.write_str(code),
            (code, message) => write!(f, "{message} ({code})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_answers_to_a_grant_that_is_there_are_known_and_their_likes_are_not() {
        for (status, code, message, expected) in [
            (400, "Request_BadRequest", "Permission being assigned already exists on the object", true),
            (
                400,
                "Request_BadRequest",
                "A conflicting object with one or more of the specified property values is present in the directory.",
                true,
            ),
            (409, "Request_MultipleObjectsWithSameKeyValue", "", true),
            (400, "Request_BadRequest", "Permission being assigned was not found on application 'x'", false),
            (409, "RoleAssignmentExists", "The role assignment already exists.", false),
            (403, "Request_MultipleObjectsWithSameKeyValue", "", false),
        ] {
            let said = ServiceError { code: code.to_owned(), message: message.to_owned() };
            assert_eq!(said.is_duplicate(status), expected, "{status} {code} {message}");
        }
    }
}

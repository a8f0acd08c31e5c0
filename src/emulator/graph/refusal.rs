//! Errors in the form of Microsoft Graph.

use http::StatusCode;
use serde_json::json;

use crate::emulator::answer::{Answer, Checked};
use crate::emulator::script::Fault;

/// An error body.
pub(super) fn error(status: StatusCode, code: &str, message: &str) -> Answer {
    let id = uuid::Uuid::new_v4().to_string();
    let inner = json!({"date": "2026-01-01T00:00:00", "request-id": id, "client-request-id": id});
    Answer::json(status, &json!({"error": {"code": code, "message": message, "innerError": inner}}))
}

/// Refuses, with the reason in the journal.
pub(super) fn refuse<T>(status: StatusCode, code: &str, message: &str, why: impl Into<String>) -> Checked<T> {
    Err(Box::new(error(status, code, message).refused(why)))
}

/// The answer for an object that is not there, or not known to the server that is asked.
pub(super) fn missing(id: &str) -> Answer {
    let message = format!(
        "Resource '{id}' does not exist or one of its queried reference-property objects are not present."
    );
    error(StatusCode::NOT_FOUND, "Request_ResourceNotFound", &message)
}

pub(super) fn gateway_timeout() -> Answer {
    error(StatusCode::GATEWAY_TIMEOUT, "UnknownError", "")
        .scripted("nobody answered in time; nothing was changed")
}

/// What a scenario answers before the request is looked at.
pub(super) fn at_the_door(fault: Fault) -> Answer {
    match fault {
        Fault::StaleToken => {
            unauthorized("Lifetime validation failed, the token is expired.").scripted("the token is refused")
        }
        Fault::Throttled => error(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "Too many requests")
            .with("retry-after", "3")
            .scripted("throttled"),
        _ => error(StatusCode::SERVICE_UNAVAILABLE, "serviceNotAvailable", "The service is unavailable.")
            .scripted("overloaded"),
    }
}

pub(super) fn unauthorized(message: &str) -> Answer {
    let challenge = concat!(
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", ",
        "client_id=\"00000003-0000-0000-c000-000000000000\"",
    );
    error(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message).with("www-authenticate", challenge)
}

//! What IMDS and the Azure Arc agent, which imitates it, have in common.

use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{Answer, Checked};
use super::call::Call;
use super::directory::Identity;
use super::selector::{Kind, Selector};

/// Refuses what came over a proxy, and what lacks the header that no redirect and no page in a browser can set. The two
/// services have different codes for the latter.
pub(crate) fn check_origin(call: &Call, unmarked: &str) -> Checked {
    if call.has_header("x-forwarded-for") {
        return Err(invalid_request(
            "Forwarded requests are not served",
            "X-Forwarded-For: the request was proxied",
        ));
    }
    if call.header("metadata") != Some("true") {
        let why = "the header `Metadata: true` is missing";
        return Err(error(unmarked, "Required metadata header not specified", why));
    }
    Ok(())
}

pub(crate) fn selector<'c>(call: &'c Call, names: &[(&str, Kind)]) -> Checked<Option<Selector<'c>>> {
    Selector::read(&call.query, names).map_err(|_| {
        invalid_request("Only one identity may be specified", "more than one identity selector was sent")
    })
}

/// A selector that was honoured comes back with the identity's own id.
pub(crate) fn echo(body: &mut Value, call: &Call, names: &[(&str, Kind)], identity: &Identity) {
    for (name, kind) in names.iter().filter(|(name, _)| call.parameter(name).is_some()) {
        body[*name] = json!(identity.id(*kind));
    }
}

pub(crate) fn invalid_request(description: &str, why: impl Into<String>) -> Box<Answer> {
    error("invalid_request", description, why)
}

fn error(code: &str, description: &str, why: impl Into<String>) -> Box<Answer> {
    let body = json!({"error": code, "error_description": description});
    Box::new(Answer::json(StatusCode::BAD_REQUEST, &body).refused(why))
}

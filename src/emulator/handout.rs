//! What the endpoints of the smaller platforms have in common once a request is right: a token, or what the scenario
//! puts in its place.

use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Answer;
use super::directory::{AUTOMATION_ACCOUNT, Identity};
use super::issuer::Issued;
use super::script::{Fault, Place};
use super::state::State;

/// A token for an identity, and what the answer may want to say about it.
pub(crate) struct Handout<'a> {
    pub(crate) identity: &'static Identity,
    pub(crate) resource: &'a str,
    pub(crate) issued: Issued,
    pub(crate) now: u64,
}

/// Answers a request that is right with what `shape` makes of the token.
pub(crate) fn hand_out(
    state: &State,
    identity: &'static Identity,
    resource: &str,
    shape: impl FnOnce(&Handout<'_>) -> Value,
) -> Answer {
    let fault = state.faults.strike(Place::Endpoint);
    if fault == Some(Fault::Page) {
        return Answer::html(StatusCode::OK, "Welcome").scripted("a page of HTML instead of a token");
    }
    let identity = match fault {
        // Whoever asks here is not Automation.
        Some(Fault::OtherIdentity) => &AUTOMATION_ACCOUNT,
        _ => identity,
    };
    let now = state.seconds();
    let issued = state.issuer.issue(&state.script, identity, resource, now);
    let answer = Answer::json(StatusCode::OK, &shape(&Handout { identity, resource, issued, now }));
    match fault {
        Some(Fault::Reset) => answer.cut_short(),
        Some(Fault::OtherIdentity) => answer.scripted("the token is another identity's"),
        _ => answer,
    }
}

/// The answer in which every number is a string, as IMDS writes it.
pub(crate) fn strings(issued: &Issued, resource: &str, now: u64) -> Value {
    let left = issued.expires.saturating_sub(now).to_string();
    json!({
        "access_token": issued.token, "refresh_token": "", "expires_in": left,
        "expires_on": issued.expires.to_string(), "not_before": issued.not_before.to_string(),
        "resource": resource, "token_type": "Bearer",
    })
}

/// The short answer, with the time of expiry as a number.
pub(crate) fn short(handout: &Handout<'_>) -> Value {
    let Handout { resource, issued, .. } = handout;
    json!({
        "access_token": issued.token, "expires_on": issued.expires, "resource": resource, "token_type": "Bearer",
    })
}

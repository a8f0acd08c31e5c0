//! The endpoint inside a Windows container of Azure Container Instances, where there is no IMDS.
//!
//! No document shows its answer or an api-version; the error is the one that a user met who called it as App Service.

use http::{Method, StatusCode};
use serde_json::json;

use super::answer::{Answer, Checked, check_method, either};
use super::call::{Call, given, misnamed};
use super::credential;
use super::directory::{CONTAINER_GROUP, Identity};
use super::handout::{hand_out, strings};
use super::issuer::is_known;
use super::selector::{Assigned, Kind, Selector, Unchosen};
use super::state::State;

pub(crate) const PATH: &str = "/metadata/identity/oauth2/token";
const SELECTORS: &[(&str, Kind)] = &[("principalId", Kind::Object)];
const PARAMETERS: &[&str] = &["resource", "principalId"];

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    if call.path.eq_ignore_ascii_case(PATH) {
        either(token(state, call))
    } else {
        Answer::empty(StatusCode::NOT_FOUND).refused("the container has no such path")
    }
}

fn token(state: &State, call: &Call) -> Checked<Answer> {
    check_request(state, call)?;
    let resource = given(&call.query, "resource");
    let resource = resource
        .ok_or_else(|| error(StatusCode::BAD_REQUEST, "ArgumentNullOrEmpty", "the resource is missing"))?;
    let identity = choose(state, call)?;
    if !is_known(resource) {
        let why = "the directory knows no such resource";
        return Err(error(StatusCode::BAD_REQUEST, "InvalidResource", why));
    }
    Ok(hand_out(state, identity, resource, |handout| strings(&handout.issued, handout.resource, handout.now)))
}

fn check_request(state: &State, call: &Call) -> Checked {
    check_method(&call.method, &Method::GET, "the container's endpoint takes GET alone")?;
    if let Some(why) = credential::objection(call, "secret", &state.identity_header) {
        return Err(error(StatusCode::UNAUTHORIZED, "SecretHeaderNotFound", why));
    }
    if let Some(header) = credential::stray(call, "secret") {
        let why = format!("SECRET LEAKED: the header `{header}` is not this endpoint's");
        return Err(error(StatusCode::BAD_REQUEST, "UnexpectedHeader", why));
    }
    match misnamed(&call.query, PARAMETERS) {
        Some(why) => Err(error(StatusCode::BAD_REQUEST, "UnexpectedParameter", why)),
        None => Ok(()),
    }
}

fn choose(state: &State, call: &Call) -> Checked<&'static Identity> {
    let assigned = Assigned::new(state.script.identities, &CONTAINER_GROUP);
    let selector = Selector::read(&call.query, SELECTORS).unwrap_or(None);
    assigned.choose_named(selector).map_err(|unchosen| {
        if unchosen == Unchosen::NoneAssigned {
            let why = "the container group has no system-assigned identity, and no other was named";
            error(StatusCode::NOT_FOUND, "DefaultIdentityNotDefined", why)
        } else {
            let why = "that identity is not assigned to the container group";
            error(StatusCode::NOT_FOUND, "ManagedIdentityNotFound", why)
        }
    })
}

fn error(status: StatusCode, code: &str, why: impl Into<String>) -> Box<Answer> {
    let body = json!({"error": {"code": code, "message": format!("{code} "), "details": []}});
    Box::new(Answer::json(status, &body).refused(why))
}

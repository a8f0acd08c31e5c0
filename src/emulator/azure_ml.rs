//! The endpoint of a compute of Azure Machine Learning.

use http::{Method, StatusCode};
use serde_json::json;

use super::answer::{Answer, Checked, check_method, either};
use super::call::{Call, given, misnamed};
use super::credential;
use super::directory::{COMPUTE, Identity};
use super::handout::{hand_out, short};
use super::issuer::is_known;
use super::selector::{Assigned, Kind, Selector, Unchosen};
use super::state::State;

pub(crate) const PATH: &str = "/MSI/auth";
const VERSION: &str = "2017-09-01";
const SELECTORS: &[(&str, Kind)] = &[("clientid", Kind::Client)];
const PARAMETERS: &[&str] = &["api-version", "resource", "clientid"];

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    if call.path.eq_ignore_ascii_case(PATH) {
        either(token(state, call))
    } else {
        Answer::empty(StatusCode::NOT_FOUND).refused("Azure Machine Learning has no such path")
    }
}

fn token(state: &State, call: &Call) -> Checked<Answer> {
    check_request(state, call)?;
    let resource = given(&call.query, "resource");
    let resource = resource.ok_or_else(|| bad_request("resource is required", "the resource is missing"))?;
    let identity = choose(state, call)?;
    if !is_known(resource) {
        return Err(bad_request("the resource was not found", "the directory knows no such resource"));
    }
    Ok(hand_out(state, identity, resource, short))
}

fn check_request(state: &State, call: &Call) -> Checked {
    check_method(&call.method, &Method::GET, "Azure Machine Learning takes GET alone")?;
    if let Some(header) = credential::stray(call, "secret") {
        let why = format!("SECRET LEAKED: the header `{header}` is not Azure Machine Learning's");
        return Err(bad_request("unexpected header", why));
    }
    if let Some(why) = credential::objection(call, "secret", &state.msi_secret) {
        return Err(error(StatusCode::UNAUTHORIZED, "UnAuthorized", "the secret is not valid", why));
    }
    if let Some(why) = misnamed(&call.query, PARAMETERS) {
        return Err(bad_request("unexpected parameter", why));
    }
    if call.parameter("api-version") != Some(VERSION) {
        return Err(bad_request("the api-version is not supported", "the api-version is not 2017-09-01"));
    }
    Ok(())
}

/// The system-assigned identity may be named like any other, and serves unasked.
fn choose(state: &State, call: &Call) -> Checked<&'static Identity> {
    let assigned = Assigned::new(state.script.identities, &COMPUTE);
    let selector = Selector::read(&call.query, SELECTORS).unwrap_or(None);
    assigned.choose_named(selector).map_err(|unchosen| match unchosen {
        Unchosen::NoneAssigned => bad_request(
            "no managed identity is assigned to the compute",
            "the compute has no system-assigned identity, and no other was named",
        ),
        _ => {
            bad_request("the managed identity was not found", "that identity is not assigned to the compute")
        }
    })
}

fn bad_request(text: &str, why: impl Into<String>) -> Box<Answer> {
    error(StatusCode::BAD_REQUEST, "BadRequest", text, why)
}

fn error(status: StatusCode, code: &str, text: &str, why: impl Into<String>) -> Box<Answer> {
    Box::new(Answer::json(status, &json!({"error": code, "message": text})).refused(why))
}

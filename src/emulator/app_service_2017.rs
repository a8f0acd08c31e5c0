//! App Service's endpoint as it was before 2019.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::answer::{Answer, Checked, check_method, either};
use super::call::{Call, given, misnamed};
use super::credential;
use super::directory::{Identity, WEB_SITE};
use super::handout::{Handout, hand_out, short};
use super::issuer::is_known;
use super::script::Dates;
use super::selector::{Assigned, Kind, Selector, Unchosen};
use super::state::State;
use super::tenant::date;

pub(crate) const PATH: &str = "/MSI/token/";
const VERSION: &str = "2017-09-01";
const SELECTORS: &[(&str, Kind)] = &[("clientid", Kind::Client)];
const PARAMETERS: &[&str] = &["api-version", "resource", "clientid"];

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    if call.path.trim_end_matches('/').eq_ignore_ascii_case(PATH.trim_end_matches('/')) {
        either(token(state, call))
    } else {
        Answer::empty(StatusCode::NOT_FOUND).refused("App Service has no such path")
    }
}

fn token(state: &State, call: &Call) -> Checked<Answer> {
    check_request(state, call)?;
    let resource = given(&call.query, "resource");
    let resource = resource
        .ok_or_else(|| bad_request("The resource parameter is required.", "the resource is missing"))?;
    let identity = choose(state, call)?;
    if !is_known(resource) {
        return Err(unknown_resource());
    }
    Ok(hand_out(state, identity, resource, |handout| success(state, handout)))
}

fn success(state: &State, handout: &Handout<'_>) -> Value {
    let mut body = short(handout);
    body["expires_on"] = json!(expires_on(state, handout));
    body
}

/// A date as text, in the form of the system that the site runs on.
fn expires_on(state: &State, handout: &Handout<'_>) -> String {
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(handout.issued.expires);
    match state.script.dates {
        Dates::Linux => date::slashed(time),
        Dates::Windows => date::american(time),
    }
}

fn check_request(state: &State, call: &Call) -> Checked {
    check_method(&call.method, &Method::GET, "App Service takes GET alone")?;
    if let Some(header) = credential::stray(call, "secret") {
        let why = format!("SECRET LEAKED: the header `{header}` is not old App Service's");
        return Err(bad_request("Unexpected header.", why));
    }
    if let Some(why) = credential::objection(call, "secret", &state.msi_secret) {
        return Err(error(StatusCode::UNAUTHORIZED, "The secret header is missing or invalid.", why));
    }
    if let Some(why) = misnamed(&call.query, PARAMETERS) {
        return Err(bad_request("Invalid parameter.", why));
    }
    if call.parameter("api-version") != Some(VERSION) {
        let why = "the api-version is not 2017-09-01";
        return Err(bad_request("Unsupported/Invalid api-version parameter", why));
    }
    Ok(())
}

/// Nothing but the system-assigned identity serves unasked.
fn choose(state: &State, call: &Call) -> Checked<&'static Identity> {
    let assigned = Assigned::new(state.script.identities, &WEB_SITE);
    let selector = Selector::read(&call.query, SELECTORS).unwrap_or(None);
    assigned.choose_named(selector).map_err(|unchosen| {
        if unchosen == Unchosen::NoneAssigned {
            let why = "the site has no system-assigned identity, and no other was named";
            bad_request("No Managed Identity found for specified ClientId/ResourceId/PrincipalId.", why)
        } else {
            let text = "No MSI found for specified ClientId/ResourceId.";
            bad_request(text, "that identity is not assigned to the site")
        }
    })
}

/// The one error that App Service spells with a small letter at its beginning.
fn unknown_resource() -> Box<Answer> {
    let body = json!({
        "statusCode": 500, "message": "An unexpected error occured while fetching the AAD Token.",
        "correlationId": uuid::Uuid::new_v4().to_string(),
    });
    let answer = Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &body);
    Box::new(answer.refused("the directory knows no such resource"))
}

fn bad_request(message: &str, why: impl Into<String>) -> Box<Answer> {
    error(StatusCode::BAD_REQUEST, message, why)
}

fn error(status: StatusCode, message: &str, why: impl Into<String>) -> Box<Answer> {
    let correlation = uuid::Uuid::new_v4().to_string();
    let body = json!({"StatusCode": status.as_u16(), "Message": message, "CorrelationId": correlation});
    Box::new(Answer::json(status, &body).refused(why))
}

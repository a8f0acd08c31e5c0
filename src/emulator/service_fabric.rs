//! The token service of a Service Fabric node.

use http::{Method, StatusCode};
use serde_json::json;

use super::answer::{Answer, Checked, check_method, either};
use super::call::{Call, given, misnamed};
use super::credential;
use super::directory::{FABRIC_APPLICATION, Identity};
use super::handout::{hand_out, short};
use super::issuer::is_known;
use super::script::{Fault, Place};
use super::selector::{Assigned, Kind, Selector, Unchosen};
use super::state::State;

pub(crate) const PATH: &str = "/metadata/identity/oauth2/token";
/// Where the scenario of a redirect sends its clients.
const ELSEWHERE: &str = "/elsewhere";
const VERSIONS: &[&str] = &["2019-07-01-preview", "2020-05-01"];
const SELECTORS: &[(&str, Kind)] = &[("principalId", Kind::Object)];
const PARAMETERS: &[&str] = &["api-version", "resource", "principalId", "token_sha256_to_refresh", "xms_cc"];

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    match state.faults.strike(Place::Fabric) {
        Some(Fault::Redirected) => redirect(call),
        Some(Fault::OtherCertificate) if call.has_header("secret") => {
            let why = "SECRET LEAKED: it was sent to a server whose certificate is not the named one";
            *error(StatusCode::BAD_REQUEST, "InternalServerError", "The connection is not trusted.", why)
        }
        _ if call.path.eq_ignore_ascii_case(PATH) => either(token(state, call)),
        _ => Answer::empty(StatusCode::NOT_FOUND).refused("Service Fabric has no such path"),
    }
}

fn redirect(call: &Call) -> Answer {
    if call.path == ELSEWHERE {
        return Answer::empty(StatusCode::NOT_FOUND).refused("the redirect was followed");
    }
    let answer = Answer::empty(StatusCode::FOUND).with("location", &(call.origin() + ELSEWHERE));
    answer.scripted("a redirect instead of a token")
}

fn token(state: &State, call: &Call) -> Checked<Answer> {
    check_request(state, call)?;
    let resource = given(&call.query, "resource");
    let resource = resource.ok_or_else(|| {
        let text = "The parameter 'resource' should not be null or empty string.";
        error(StatusCode::BAD_REQUEST, "ArgumentNullOrEmpty", text, "the resource is missing")
    })?;
    let identity = choose(state, call)?;
    if !is_known(resource) {
        let text = format!("AADSTS500011: The resource principal named {resource} was not found.");
        let why = "the directory knows no such resource";
        return Err(error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &text, why));
    }
    if let Some(digest) = call.parameter("token_sha256_to_refresh") {
        state.issuer.forget(digest);
    }
    Ok(hand_out(state, identity, resource, short))
}

fn check_request(state: &State, call: &Call) -> Checked {
    check_method(&call.method, &Method::GET, "Service Fabric takes GET alone")?;
    if let Some(header) = credential::stray(call, "secret") {
        let why = format!("SECRET LEAKED: the header `{header}` is not Service Fabric's");
        return Err(bad_request("ArgumentNullOrEmpty", "Unexpected header.", why));
    }
    match (call.has_header("secret"), credential::objection(call, "secret", &state.identity_header)) {
        (_, None) => {}
        (false, Some(why)) => {
            let text = "The authentication code was not provided with the request.";
            return Err(bad_request("SecretHeaderNotFound", text, why));
        }
        (true, Some(why)) => return Err(not_found(why)),
    }
    if let Some(why) = misnamed(&call.query, PARAMETERS) {
        return Err(bad_request("ArgumentNullOrEmpty", "Unexpected parameter.", why));
    }
    match call.parameter("api-version") {
        Some(version) if VERSIONS.contains(&version) => Ok(()),
        version => {
            let version = version.unwrap_or_default();
            let text = format!(
                "The api-version '{version}' is not supported. Supported version is '2019-07-01-preview'."
            );
            Err(bad_request("InvalidApiVersion", &text, "Service Fabric knows no such api-version"))
        }
    }
}

/// Nothing but the system-assigned identity serves unasked, and others go by their principal alone.
fn choose(state: &State, call: &Call) -> Checked<&'static Identity> {
    let assigned = Assigned::new(state.script.identities, &FABRIC_APPLICATION);
    let selector = Selector::read(&call.query, SELECTORS).unwrap_or(None);
    assigned.choose_named(selector).map_err(|unchosen| match unchosen {
        Unchosen::NoneAssigned => {
            not_found("the application has no system-assigned identity, and no other was named")
        }
        _ => not_found("that identity is not assigned to the application"),
    })
}

fn not_found(why: &str) -> Box<Answer> {
    let text = "The managed identity could not be found for the specified application host.";
    error(StatusCode::NOT_FOUND, "ManagedIdentityNotFound", text, why)
}

fn bad_request(code: &str, text: &str, why: impl Into<String>) -> Box<Answer> {
    error(StatusCode::BAD_REQUEST, code, text, why)
}

fn error(status: StatusCode, code: &str, text: &str, why: impl Into<String>) -> Box<Answer> {
    let correlation = uuid::Uuid::new_v4().to_string();
    let body = json!({"error": {"correlationId": correlation, "code": code, "message": text}});
    Box::new(Answer::json(status, &body).refused(why))
}

//! What `IDENTITY_ENDPOINT` names: the endpoint of Automation sandboxes and hybrid workers, in App Service's protocol.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::answer::{Answer, Checked, either};
use super::call::{Call, duplicate, find, given, pairs, unknown};
use super::credential::are_equal;
use super::directory::{ACCOUNT_ID, AUTOMATION_ACCOUNT, Identity};
use super::issuer::is_known;
use super::script::Identities;
use super::selector::{Assigned, Kind, Selector};
use super::service::Scheme;
use super::state::State;
use crate::secret::ExposeSecret;

/// The path of an Automation sandbox's endpoint.
pub(crate) const SANDBOX_PATH: &str = "/oauth2/token";
const VERSION: &str = "2019-08-01";
const SELECTORS: &[(&str, Kind)] = &[
    ("client_id", Kind::Client),
    ("object_id", Kind::Object),
    ("principal_id", Kind::Object),
    ("mi_res_id", Kind::Resource),
];
const PARAMETERS: &[&str] =
    &["api-version", "resource", "client_id", "object_id", "principal_id", "mi_res_id"];

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    let path = match call.scheme {
        Scheme::Http => SANDBOX_PATH,
        Scheme::Https => &state.worker_path,
    };
    if call.path.trim_end_matches('/').eq_ignore_ascii_case(path) {
        either(token(state, call))
    } else {
        Answer::empty(StatusCode::NOT_FOUND).refused("the identity endpoint has no such path")
    }
}

fn token(state: &State, call: &Call) -> Checked<Answer> {
    check_secret(state, call)?;
    let parameters = parameters(call)?;
    let resource = given(&parameters, "resource");
    let resource = resource
        .ok_or_else(|| bad_request("The resource parameter is required.", "the resource is missing"))?;
    let (identity, selected) = choose(state, &parameters)?;
    if !is_known(resource) {
        return Err(bad_request(
            "The resource principal was not found.",
            "the directory knows no such resource",
        ));
    }
    let issued = state.issuer.issue(&state.script, identity, resource, state.seconds());
    let mut body = json!({
        "access_token": issued.token, "expires_on": issued.expires.to_string(), "resource": resource,
        "token_type": "Bearer", "not_before": issued.not_before.to_string(),
    });
    if selected {
        body["client_id"] = json!(identity.client_id);
    }
    Ok(Answer::json(StatusCode::OK, &body))
}

fn check_secret(state: &State, call: &Call) -> Checked {
    if call.has_header("x-forwarded-for") {
        return Err(bad_request(
            "Forwarded requests are not served.",
            "X-Forwarded-For: the request was proxied",
        ));
    }
    if call.header("metadata").is_some_and(|value| !value.eq_ignore_ascii_case("true")) {
        return Err(bad_request("Invalid Metadata header.", "the header Metadata is not `true`"));
    }
    let secret = state.identity_header.expose_secret();
    let why = match call.header("x-identity-header") {
        Some(sent) if are_equal(sent, secret) => return Ok(()),
        Some(_) => "X-IDENTITY-HEADER is not the value of IDENTITY_HEADER",
        None => "X-IDENTITY-HEADER is missing",
    };
    let body = pascal(401, "The X-IDENTITY-HEADER header is missing or invalid.");
    Err(Box::new(Answer::json(StatusCode::UNAUTHORIZED, &body).refused(why)))
}

/// The query of a GET, or the form of a POST with whatever its query adds.
fn parameters(call: &Call) -> Checked<Vec<(String, String)>> {
    let mut parameters = call.query.clone();
    if call.method == Method::POST {
        if call.content_type().as_deref() != Some("application/x-www-form-urlencoded") {
            return Err(bad_request("Unsupported content type.", "the body of a POST must be a form"));
        }
        parameters.extend(pairs(&call.body));
    } else if call.method != Method::GET {
        let answer = Answer::empty(StatusCode::METHOD_NOT_ALLOWED);
        return Err(Box::new(answer.refused("the identity endpoint takes GET and POST alone")));
    }
    check_names(&parameters)?;
    Ok(parameters)
}

fn check_names(parameters: &[(String, String)]) -> Checked {
    if let Some(name) = duplicate(parameters) {
        return Err(bad_request("Duplicate parameter.", format!("`{name}` was sent twice")));
    }
    if let Some(name) = unknown(parameters, PARAMETERS) {
        return Err(bad_request(
            "Invalid parameter.",
            format!("the identity endpoint knows no parameter `{name}`"),
        ));
    }
    if find(parameters, "api-version").is_some_and(|version| version != VERSION) {
        let why = "the api-version is not 2019-08-01";
        return Err(bad_request("Unsupported/Invalid api-version parameter", why));
    }
    Ok(())
}

/// The identity, and whether it was asked for by name. Nothing but the system-assigned one serves unasked.
fn choose(state: &State, parameters: &[(String, String)]) -> Checked<(&'static Identity, bool)> {
    let assigned = Assigned::new(state.script.identities, &AUTOMATION_ACCOUNT);
    let selector = Selector::read(parameters, SELECTORS).map_err(|_| {
        bad_request("Only one identity may be specified.", "more than one identity selector was sent")
    })?;
    match (selector, assigned.system) {
        _ if state.script.identities == Identities::None => Err(no_identity()),
        (Some(selector), _) => assigned.choose(Some(selector)).map(|identity| (identity, true)).map_err(|_| {
            let text = "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId";
            bad_request(text, "that identity is not assigned to the account")
        }),
        (None, Some(identity)) => Ok((identity, false)),
        (None, None) => Err(only_user_assigned(parameters)),
    }
}

fn no_identity() -> Box<Answer> {
    let text = format!("No managed identity was found for Automation account {ACCOUNT_ID}");
    let answer = Answer::json(StatusCode::BAD_REQUEST, &json!({"Message": text}));
    Box::new(answer.refused("the account has no identity"))
}

fn only_user_assigned(parameters: &[(String, String)]) -> Box<Answer> {
    let resource = find(parameters, "resource").unwrap_or_default();
    let text =
        format!("Failed to get MSI token for account {ACCOUNT_ID} and resource {resource}. Status: 500");
    let answer = Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &json!({"Message": text}));
    Box::new(answer.refused("the account has no system-assigned identity, and no other was named"))
}

fn bad_request(message: &str, why: impl Into<String>) -> Box<Answer> {
    Box::new(Answer::json(StatusCode::BAD_REQUEST, &pascal(400, message)).refused(why))
}

/// App Service spells the names of its errors with capitals.
fn pascal(status: u16, message: &str) -> Value {
    json!({"StatusCode": status, "Message": message, "CorrelationId": uuid::Uuid::new_v4().to_string()})
}

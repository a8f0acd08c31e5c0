//! The endpoint of Cloud Shell: the token is the person's who is signed in.

use http::{Method, StatusCode};
use serde_json::json;

use super::answer::{Answer, Checked, either};
use super::call::{Call, find, misnamed, pairs};
use super::credential;
use super::issuer::is_known;
use super::state::State;

pub(crate) const PATH: &str = "/oauth2/token";

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    if call.path.eq_ignore_ascii_case(PATH) {
        either(token(state, call))
    } else {
        Answer::empty(StatusCode::NOT_FOUND).refused("Cloud Shell has no such path")
    }
}

fn token(state: &State, call: &Call) -> Checked<Answer> {
    check_request(call)?;
    let form = pairs(&call.body);
    if let Some(why) = misnamed(&form, &["resource"]) {
        return Err(error("InvalidRequest", "Only the resource may be specified.", why));
    }
    let resource = find(&form, "resource").filter(|resource| !resource.is_empty());
    let resource = resource
        .ok_or_else(|| error("AudienceMissing", "No audience was specified.", "the resource is missing"))?;
    if !is_known(resource) {
        return Err(unsupported(resource));
    }
    let now = state.seconds();
    let issued = state.issuer.issue_to_person(&state.script, resource, now);
    let left = issued.expires.saturating_sub(now).to_string();
    let body = json!({
        "access_token": issued.token, "refresh_token": "", "expires_in": left,
        "expires_on": issued.expires.to_string(), "not_before": issued.not_before.to_string(),
        "resource": resource, "token_type": "Bearer",
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

fn check_request(call: &Call) -> Checked {
    if call.method != Method::POST {
        let answer = Answer::empty(StatusCode::METHOD_NOT_ALLOWED);
        return Err(Box::new(answer.refused("Cloud Shell takes POST alone")));
    }
    if let Some(header) = credential::stray(call, "") {
        let why = format!("SECRET LEAKED: the header `{header}` was sent to Cloud Shell");
        return Err(error("InvalidRequest", "Unexpected header.", why));
    }
    if call.header("metadata") != Some("true") {
        let why = "the header `Metadata: true` is missing";
        return Err(error("InvalidRequest", "Required metadata header not specified.", why));
    }
    if call.content_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(error("InvalidRequest", "Unsupported content type.", "the body must be a form"));
    }
    match call.query.first() {
        Some(_) => Err(error(
            "InvalidRequest",
            "Unexpected query.",
            "Cloud Shell takes no query, and no api-version",
        )),
        None => Ok(()),
    }
}

fn unsupported(resource: &str) -> Box<Answer> {
    let text = format!(
        "Audience {resource} is not a supported MSI token audience. Supported audiences: https://management.core.windows.net/,https://management.azure.com/,https://graph.microsoft.com/,https://vault.azure.net,https://outlook.office365.com/"
    );
    error("AudienceNotSupported", &text, "Cloud Shell gives no token for this resource")
}

fn error(code: &str, text: &str, why: impl Into<String>) -> Box<Answer> {
    let body = json!({"error": {"code": code, "message": text}});
    Box::new(Answer::json(StatusCode::BAD_REQUEST, &body).refused(why))
}

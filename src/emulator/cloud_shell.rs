//! The endpoint of Cloud Shell: the token is the person's who is signed in.

use http::{Method, StatusCode};
use serde_json::json;

use super::answer::{Answer, Checked, check_method, either};
use super::call::{Call, given, misnamed, pairs};
use super::credential;
use super::handout::strings;
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
    let resource = given(&form, "resource");
    let resource = resource
        .ok_or_else(|| error("AudienceMissing", "No audience was specified.", "the resource is missing"))?;
    if !is_known(resource) {
        return Err(unsupported(resource));
    }
    let now = state.seconds();
    let issued = state.issuer.issue_to_person(&state.script, resource, now);
    Ok(Answer::json(StatusCode::OK, &strings(&issued, resource, now)))
}

fn check_request(call: &Call) -> Checked {
    check_method(&call.method, &Method::POST, "Cloud Shell takes POST alone")?;
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

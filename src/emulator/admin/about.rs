//! What a client may ask about the service itself. Only Authorization is needed.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::authenticate::Caller;
use super::envelope::CONTENT_TYPE;
use super::refusal::bad_request;
use crate::emulator::answer::{Answer, Checked, check_method};
use crate::emulator::call::Call;
use crate::emulator::state::State;

pub(crate) fn banner(state: &State, call: &Call, tenant: &str) -> Checked<Answer> {
    check_get(call)?;
    check_version(call)?;
    Caller::authenticate(state, call, tenant)?;
    let text = "This is the exo-mi emulator: nothing here reaches Exchange Online.";
    Ok(json_answer(&json!({"sessionType": "AutogenSession", "moduleBannerContent": text})))
}

pub(crate) fn state(state: &State, call: &Call, tenant: &str) -> Checked<Answer> {
    check_get(call)?;
    Caller::authenticate(state, call, tenant)?;
    Ok(json_answer(&json!({"PropertyName": "AdminApiState", "PropertyValue": "Running"})))
}

pub(crate) fn json_answer(value: &Value) -> Answer {
    Answer::text(StatusCode::OK, CONTENT_TYPE, value.to_string())
}

pub(crate) fn check_get(call: &Call) -> Checked {
    check_method(&call.method, &Method::GET, "this path takes GET alone")
}

/// The version of the module that asks.
pub(crate) fn check_version(call: &Call) -> Checked {
    match call.parameter("version") {
        Some(version) if !version.is_empty() => Ok(()),
        _ => Err(bad_request("BadRequest", "The Version parameter is missing.", "the query lacks Version")),
    }
}

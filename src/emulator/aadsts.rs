//! The errors of the directory, which reach clients through the authority and through IMDS alike.

use http::StatusCode;

use super::answer::Answer;
use super::state::State;
use super::tenant::date;

/// One error: its number, its name in OAuth, and the status that goes with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aadsts {
    pub(crate) code: u32,
    pub(crate) error: &'static str,
    pub(crate) status: StatusCode,
}

impl Aadsts {
    pub(crate) const fn bad_request(code: u32, error: &'static str) -> Self {
        Self { code, error, status: StatusCode::BAD_REQUEST }
    }

    /// A client that could not prove who it is.
    pub(crate) const fn invalid_client(code: u32) -> Self {
        Self { code, error: "invalid_client", status: StatusCode::UNAUTHORIZED }
    }

    /// The whole answer; `text` is the sentence after the number, `why` is for the journal.
    pub(crate) fn refuse(self, state: &State, text: &str, why: impl Into<String>) -> Box<Answer> {
        let trace = uuid::Uuid::new_v4().to_string();
        let correlation = uuid::Uuid::new_v4().to_string();
        let time = date::spaced(state.now());
        let Self { code, error, status } = self;
        let description =
            format!("AADSTS{code}: {text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}");
        let body = serde_json::json!({
            "error": error, "error_description": description, "error_codes": [code], "timestamp": time,
            "trace_id": trace, "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
        });
        Box::new(Answer::json(status, &body).refused(why))
    }
}

/// The resource has no service principal in the tenant.
pub(crate) fn unknown_resource(state: &State, resource: &str) -> Box<Answer> {
    let text = format!(
        "The resource principal named {resource} was not found in the tenant named {}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
        state.script.home.tenant
    );
    let error = Aadsts::bad_request(500_011, "invalid_resource");
    error.refuse(state, &text, "the directory knows no such resource")
}

/// No tenant has this name or id.
///
/// The name of the error in OAuth depends on what was asked.
pub(crate) fn unknown_tenant(state: &State, error: &'static str, name: &str) -> Box<Answer> {
    let text = format!(
        "Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."
    );
    let error = Aadsts::bad_request(90_002, error);
    error.refuse(state, &text, "the authority knows no such tenant")
}

//! Reading what an identity endpoint answered: every shape of token, every shape of error.

use std::time::SystemTime;

use serde::Deserialize;
use serde_json::Value;

use super::expiry::moment;
use crate::secret::Secret;
use crate::token::{AccessToken, UnverifiedClaims};

/// A token, and the identity that the endpoint says it belongs to.
#[derive(Debug)]
pub(super) struct Granted {
    pub token: AccessToken,
    pub echo: Echo,
}

/// The ids that some endpoints repeat beside the token.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_field_names)] // The names of the wire.
pub(super) struct Echo {
    pub client_id: Option<String>,
    pub object_id: Option<String>,
    #[serde(alias = "mi_res_id")]
    pub msi_res_id: Option<String>,
}

/// Why a success holds no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no JSON object; a proxy or a login page answers like that.
    #[error("the reply is no JSON object")]
    NotJson,
    /// The object has no token in it.
    #[error("the reply holds no access_token")]
    NoToken,
    /// The token does not say when it ends, or in a form that nobody knows.
    #[error("the reply does not say when the token ends")]
    NoExpiry,
    /// The token has ended already.
    #[error("the token has ended already")]
    Expired,
}

/// What an error body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The machine-readable code: `invalid_request`, `ManagedIdentityNotFound`.
    pub code: Option<String>,
    /// The text for people; empty where there is none.
    pub message: String,
    /// The id by which the endpoint's operator finds the request.
    pub correlation_id: Option<String>,
}

/// Reads a success.
pub(super) fn granted(body: &[u8], resource: &str, now: SystemTime) -> Result<Granted, Unreadable> {
    let reply: Value = serde_json::from_slice(body).map_err(|_| Unreadable::NotJson)?;
    let fields = reply.as_object().ok_or(Unreadable::NotJson)?;
    let text = fields.get("access_token").and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let secret = Secret::from(text.ok_or(Unreadable::NoToken)?);
    let expires_on = ["expires_on", "expires_in"]
        .iter()
        .find_map(|name| moment(&scalar(fields.get(*name)?)?, now))
        .or_else(|| claimed_end(&secret))
        .ok_or(Unreadable::NoExpiry)?;
    if expires_on <= now {
        return Err(Unreadable::Expired);
    }
    let echo = Echo::deserialize(&reply).unwrap_or_default();
    Ok(Granted { token: AccessToken { secret, expires_on, resource: resource.to_owned() }, echo })
}

/// The `exp` claim, for an endpoint that says nothing itself.
fn claimed_end(secret: &Secret) -> Option<SystemTime> {
    let seconds = UnverifiedClaims::read(secret)?.exp?;
    SystemTime::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(seconds))
}

/// A text or a number as text: the endpoints disagree on which they send.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads an error, whatever its shape: OAuth's `error` and `error_description`, an object nested under `error`, a flat
/// `message` in any case, or no JSON at all. Names are compared without regard to case, since App Service writes them
/// in two ways.
pub(super) fn complaint(body: &[u8]) -> Complaint {
    let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(body) else {
        return Complaint { message: plain(body), ..Complaint::default() };
    };
    let nested = find(&fields, "error").and_then(Value::as_object);
    let fields = nested.unwrap_or(&fields);
    let text = |names: &[&str]| {
        names.iter().find_map(|name| find(fields, name).and_then(scalar)).filter(|t| !t.is_empty())
    };
    let code = text(&["error", "code"]);
    let message =
        text(&["error_description", "message"]).or_else(|| code.clone()).unwrap_or_else(|| plain(body));
    Complaint { code, message, correlation_id: text(&["correlation_id", "correlationId"]) }
}

fn find<'v>(fields: &'v serde_json::Map<String, Value>, name: &str) -> Option<&'v Value> {
    fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A body that is no JSON as a text of bounded length; a page of HTML, NUL bytes and nothing at all give none.
fn plain(body: &[u8]) -> String {
    const LONGEST: usize = 400;
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * LONGEST)]);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.starts_with('<') { String::new() } else { text.chars().take(LONGEST).collect() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn end(body: &str) -> Result<SystemTime, Unreadable> {
        granted(body.as_bytes(), "r", at(1_600_000_000)).map(|granted| granted.token.expires_on)
    }

    #[test]
    fn successes_of_every_source_are_read() {
        for (body, expected) in [
            (
                r#"{"access_token":"t","expires_on":"1600000100","expires_in":"86399","token_type":"Bearer"}"#,
                1_600_000_100,
            ),
            (r#"{"access_token":"t","expires_on":1600000100}"#, 1_600_000_100),
            (r#"{"access_token":"t","expires_in":100}"#, 1_600_000_100),
            (r#"{"access_token":"t","expires_on":"","expires_in":"100"}"#, 1_600_000_100),
            (r#"{"access_token":"t","expires_on":"9/13/2020 12:28:20 PM +00:00"}"#, 1_600_000_100),
            (r#"{"access_token":"e30.eyJleHAiOjE2MDAwMDAxMDB9.x"}"#, 1_600_000_100),
        ] {
            assert_eq!(end(body), Ok(at(expected)), "{body}");
        }
    }

    #[test]
    fn a_success_without_a_usable_token_says_what_is_wrong() {
        for (body, expected) in [
            ("", Unreadable::NotJson),
            ("<html>", Unreadable::NotJson),
            ("[]", Unreadable::NotJson),
            ("{\"access_token\":\"t", Unreadable::NotJson),
            ("{}", Unreadable::NoToken),
            (r#"{"access_token":"","expires_on":"1700000000"}"#, Unreadable::NoToken),
            (r#"{"access_token":null,"expires_on":"1700000000"}"#, Unreadable::NoToken),
            (r#"{"access_token":"t"}"#, Unreadable::NoExpiry),
            (r#"{"access_token":"t","expires_on":"soon"}"#, Unreadable::NoExpiry),
            (r#"{"access_token":"t","expires_on":"1599999999"}"#, Unreadable::Expired),
        ] {
            assert_eq!(end(body), Err(expected), "{body}");
        }
        assert_eq!(granted(b"\xff\xfe", "r", at(0)).map(|_| ()), Err(Unreadable::NotJson));
    }

    #[test]
    fn the_identity_beside_the_token_is_kept() {
        let body = br#"{"access_token":"t","expires_in":"5","client_id":"c","mi_res_id":"/r"}"#;
        let echo = granted(body, "r", at(0)).expect("a token").echo;
        assert_eq!(
            (echo.client_id.as_deref(), echo.object_id, echo.msi_res_id.as_deref()),
            (Some("c"), None, Some("/r"))
        );
    }

    #[test]
    fn errors_of_every_shape_give_their_text() {
        for (body, code, message, correlation) in [
            (
                r#"{"error":"invalid_request","error_description":"Identity not found"}"#,
                Some("invalid_request"),
                "Identity not found",
                None,
            ),
            (
                r#"{"error":"invalid_resource","error_description":"AADSTS500011: x","error_codes":[500011],"correlation_id":"c"}"#,
                Some("invalid_resource"),
                "AADSTS500011: x",
                Some("c"),
            ),
            (
                r#"{"StatusCode":400,"Message":"No MSI found for specified ClientId/ResourceId.","CorrelationId":"c"}"#,
                None,
                "No MSI found for specified ClientId/ResourceId.",
                Some("c"),
            ),
            (
                r#"{"statusCode":500,"message":"An unexpected error occured","correlationId":"c"}"#,
                None,
                "An unexpected error occured",
                Some("c"),
            ),
            (
                r#"{"error":{"code":"ManagedIdentityNotFound","message":"none","correlationId":"c"}}"#,
                Some("ManagedIdentityNotFound"),
                "none",
                Some("c"),
            ),
            (
                r#"{"error":{"code":"AudienceNotSupported","message":"not this one"}}"#,
                Some("AudienceNotSupported"),
                "not this one",
                None,
            ),
            (
                r#"{"Message":"No managed identity was found for Automation account a"}"#,
                None,
                "No managed identity was found for Automation account a",
                None,
            ),
            (
                r#"{"error":"Bad request. api-version was not specified in the request","newest-versions":["2021-12-13"]}"#,
                Some("Bad request. api-version was not specified in the request"),
                "Bad request. api-version was not specified in the request",
                None,
            ),
            (r#"{"unknown":"shape"}"#, None, r#"{"unknown":"shape"}"#, None),
            ("The resource parameter is required.", None, "The resource parameter is required.", None),
            ("<html><body>Bad Gateway</body></html>", None, "", None),
            ("\0\0\0\0", None, "", None),
            ("", None, "", None),
            ("null", None, "null", None),
            (r#"{"error":""}"#, None, r#"{"error":""}"#, None),
        ] {
            let read = complaint(body.as_bytes());
            assert_eq!(read.code.as_deref(), code, "{body}");
            assert_eq!(read.message, message, "{body}");
            assert_eq!(read.correlation_id.as_deref(), correlation, "{body}");
        }
        assert_eq!(complaint(b"\xff\xfe not text").message, "\u{fffd}\u{fffd} not text");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(complaint("é".repeat(10_000).as_bytes()).message.chars().count(), 400);
    }
}

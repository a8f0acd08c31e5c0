//! What Exchange says when it refuses or fails.
//!
//! The outer `error.message` is always the same two phrases; what happened stands in `details[0].message`, in one of
//! three forms, or in `innererror.internalexception`.

use serde_json::Value;

use crate::secret::{Secret, blank_text};

/// An error of the service, in its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceError {
    /// Exchange's short code, such as `Ex6F9304`.
    pub code: Option<String>,
    /// The .NET type of the exception, such as `…ManagementObjectNotFoundException`.
    pub exception: Option<String>,
    /// The text for people; empty where the service said nothing.
    pub message: String,
}

impl ServiceError {
    /// Reads the body of a failed reply. NUL bytes, HTML and nothing at all give an empty message.
    pub fn from_body(body: &[u8]) -> Self {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Self { message: plain(body), ..Self::default() };
        };
        Self::from_value(&value)
    }

    /// Reads one text: `code|type|text`, JSON inside a string, or just words.
    pub fn from_text(text: &str) -> Self {
        if let Ok(value @ Value::Object(_)) = serde_json::from_str::<Value>(text) {
            return Self::from_value(&value);
        }
        // The text itself may hold the separator, so there are three parts at most, and the middle one must look like
        // a type: an ordinary sentence with bars in it is no such form.
        let parts: Vec<&str> = text.splitn(3, '|').collect();
        match parts[..] {
            [code, exception, message]
                if exception.contains('.') && !exception.contains(char::is_whitespace) =>
            {
                Self {
                    code: some(code.trim()),
                    exception: some(exception),
                    message: message.trim().to_owned(),
                }
            }
            _ => Self { message: text.trim().to_owned(), ..Self::default() },
        }
    }

    fn from_value(value: &Value) -> Self {
        let error = value.get("error").unwrap_or(value);
        if let Some(text) = text_at(error, "/details/0/message") {
            return Self::from_text(text);
        }
        for inner in ["/innererror/internalexception", "/innererror"] {
            if let Some(inner) = error.pointer(inner).filter(|inner| text_at(inner, "/message").is_some()) {
                let said = Self::from_text(text_at(inner, "/message").unwrap_or_default());
                let exception = said.exception.or_else(|| text_at(inner, "/type").map(str::to_owned));
                return Self { exception, ..said };
            }
        }
        let names = ["/Message", "/message", "/error", "/error_description"];
        let message = names.iter().find_map(|name| text_at(error, name)).or(error.as_str());
        Self {
            code: text_at(error, "/localizedString/stringId").map(str::to_owned),
            exception: ["/ClassName", "/TypeName"]
                .iter()
                .find_map(|name| text_at(error, name))
                .map(str::to_owned),
            message: message.unwrap_or_default().trim().to_owned(),
        }
    }

    /// Takes a secret out of all that may be shown of it: the name of an exception stands beside its text.
    pub(super) fn blank(&mut self, secret: &Secret) {
        let texts = [self.code.as_mut(), self.exception.as_mut(), Some(&mut self.message)];
        for text in texts.into_iter().flatten() {
            *text = blank_text(text, secret);
        }
    }

    /// Whether this is one of the five exceptions by which a backend says that it is too busy just now; the module
    /// tries again on them whatever the status.
    pub fn is_overload(&self) -> bool {
        const OVERLOAD: [&str; 5] = [
            "DCOverloadedException",
            "SuitabilityDirectoryException",
            "ServerInMMException",
            "ADServerSettingsChangedException",
            "StorageTransientException",
        ];
        let named = |name: &&str| {
            self.exception.as_deref().is_some_and(|text| text.contains(*name)) || self.message.contains(*name)
        };
        OVERLOAD.iter().any(named)
    }

    /// Whether it is the plain text by which the tenant's limit of concurrent requests is told.
    pub fn is_concurrency_limit(&self) -> bool {
        self.message.contains("maximum number of concurrent requests")
    }
}

fn text_at<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The first line of a body that is no JSON.
fn plain(body: &[u8]) -> String {
    const LONGEST: usize = 400;
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * LONGEST)]);
    let line = text.trim_matches(|c: char| c.is_whitespace() || c == '\0').lines().next().unwrap_or_default();
    if line.starts_with('<') || line.contains('\u{fffd}') {
        String::new()
    } else {
        line.chars().take(LONGEST).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(details: &str) -> String {
        json!({"error": {"code": "BadRequest", "message": "Invalid Operation", "details": [{"message": details}]}})
            .to_string()
    }

    #[test]
    fn every_form_of_details_is_read() {
        for (details, code, exception, message) in [
            (
                "Ex6F9304|A.B.NotFoundException|object 'x' | y",
                Some("Ex6F9304"),
                Some("A.B.NotFoundException"),
                "object 'x' | y",
            ),
            ("|A.B.Ambiguous|Parameter set", None, Some("A.B.Ambiguous"), "Parameter set"),
            (
                r#"{"Message":"m","TypeName":"T.N","StackTrace":"s","InnerError":null}"#,
                None,
                Some("T.N"),
                "m",
            ),
            (
                r#"{"localizedString":{"stringId":"Ex1"},"ClassName":"C.N","Message":"m"}"#,
                Some("Ex1"),
                Some("C.N"),
                "m",
            ),
            ("just words", None, None, "just words"),
            ("a | b c | d", None, None, "a | b c | d"),
        ] {
            let read = ServiceError::from_body(body(details).as_bytes());
            assert_eq!(read.code.as_deref(), code, "{details}");
            assert_eq!(read.exception.as_deref(), exception, "{details}");
            assert_eq!(read.message, message, "{details}");
        }
    }

    #[test]
    fn without_details_the_inner_exception_speaks_and_then_the_outer_message() {
        let inner = json!({"error": {"message": "Invalid Operation", "innererror": {"message": "outer",
            "internalexception": {"message": "the real one", "type": "P.T"}}}});
        let read = ServiceError::from_body(inner.to_string().as_bytes());
        assert_eq!((read.exception.as_deref(), read.message.as_str()), (Some("P.T"), "the real one"));
        let outer = json!({"error": {"code": "x", "message": "only this"}});
        assert_eq!(ServiceError::from_body(outer.to_string().as_bytes()).message, "only this");
    }

    #[test]
    fn bodies_that_say_nothing_give_an_empty_message() {
        for body in [b"".as_slice(), &[0; 4096], b"<html>", b"\x1f\x8b\xff\xff", b"{}", b"null", b"[]"] {
            assert_eq!(ServiceError::from_body(body).message, "", "{body:?}");
        }
    }

    #[test]
    fn no_part_of_it_repeats_a_secret() {
        let mut read = ServiceError::from_text("Ex-l0ng-s3cret|A.l0ng-s3cret|no l0ng-s3cret");
        read.blank(&Secret::from("l0ng-s3cret"));
        assert_eq!(read.code.as_deref(), Some("Ex-REDACTED"));
        assert_eq!((read.exception.as_deref(), read.message.as_str()), (Some("A.REDACTED"), "no REDACTED"));
    }

    #[test]
    fn plain_text_is_kept_and_recognised() {
        let read = ServiceError::from_body(
            b"You have reached the maximum number of concurrent requests per tenant.",
        );
        assert!(read.is_concurrency_limit());
        let busy = ServiceError::from_text("|Microsoft.Exchange.Data.Directory.DCOverloadedException|busy");
        assert!(busy.is_overload() && !read.is_overload());
    }
}

//! Errors as Exchange words them, or does not.

use http::StatusCode;
use serde_json::{Value, json};

use super::envelope::CONTENT_TYPE;
use crate::emulator::answer::Answer;

/// How long the run of NUL bytes is that stands in for a reason.
const SILENCE: usize = 1_245;

/// A 403 without a word: NUL bytes that claim to be gzip.
pub(crate) fn mute(why: impl Into<String>) -> Box<Answer> {
    let mut answer = Answer::empty(StatusCode::FORBIDDEN).with("content-encoding", "gzip");
    answer.body = vec![0; SILENCE];
    Box::new(answer.refused(why))
}

/// The same for a cmdlet that is missing or not in the caller's roles; a header gives it away.
pub(crate) fn mute_cmdlet(cmdlet: &str) -> Box<Answer> {
    let answer = mute(format!("no role of the identity has a cmdlet `{cmdlet}`"));
    Box::new(answer.with("x-exceptiontype", "CmdletAccessDeniedException"))
}

/// What went wrong inside, in one of the forms that the service uses.
pub(crate) enum Detail<'a> {
    /// `code|type|text` in the first detail, where the code may be empty.
    Piped { code: &'a str, kind: &'a str, text: &'a str },
    /// A JSON object with a stack trace, as a string in the first detail.
    Object { kind: &'a str, text: &'a str },
    /// A JSON object with a localized string, as a string in the first detail.
    Localized { code: &'a str, kind: &'a str, text: &'a str },
    /// No details at all; the exception is inside the inner error.
    Inner { kind: &'a str, text: &'a str },
}

/// An error of a cmdlet: `outer` is the message that says nothing.
pub(crate) fn failure(outer: &str, target: &str, detail: &Detail<'_>) -> Answer {
    let (code, message) = match detail {
        Detail::Piped { code, kind, text } => (Some("Client"), format!("{code}|{kind}|{text}")),
        Detail::Object { kind, text } => {
            let object =
                json!({"Message": text, "TypeName": kind, "StackTrace": STACK_TRACE, "InnerError": null});
            (Some("InvalidOperation"), object.to_string())
        }
        Detail::Localized { code, kind, text } => {
            let object = json!({"localizedString": {"stringId": code}, "ClassName": kind, "Message": text});
            (Some("InvalidArgument"), object.to_string())
        }
        Detail::Inner { .. } => (None, String::new()),
    };
    let mut error = json!({"code": "BadRequest", "message": outer, "innererror": inner(outer, detail)});
    if let Some(code) = code {
        error["details"] = json!([{"code": code, "target": target, "message": message}]);
    }
    body(StatusCode::BAD_REQUEST, &error)
}

fn inner(outer: &str, detail: &Detail<'_>) -> Value {
    let (Detail::Piped { kind, text, .. }
    | Detail::Object { kind, text }
    | Detail::Localized { kind, text, .. }
    | Detail::Inner { kind, text }) = detail;
    json!({
        "message": outer, "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
        "stacktrace": STACK_TRACE,
        "internalexception": {"message": text, "type": kind, "stacktrace": STACK_TRACE},
    })
}

const STACK_TRACE: &str = "   at Microsoft.Exchange.AdminApi.CommandInvocation.CommandInvocation.InvokeCommand(QueryContext queryContext)";

pub(crate) fn not_found(cmdlet: &str, identity: &str) -> Answer {
    let text = not_found_text(identity);
    let detail = Detail::Piped { code: "Ex6F9304", kind: NOT_FOUND, text: &text };
    failure("Error executing cmdlet", cmdlet, &detail)
}

/// The same where an entity is asked for.
pub(crate) fn no_such_entity(identity: &str, why: &str) -> Box<Answer> {
    let error = json!({"code": "NotFound", "message": not_found_text(identity)});
    Box::new(body(StatusCode::NOT_FOUND, &error).refused(why))
}

pub(crate) const NOT_FOUND: &str = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException";

pub(crate) fn not_found_text(identity: &str) -> String {
    format!(
        "The operation couldn't be performed because object '{identity}' couldn't be found on 'AM0PR01A12DC003.EURPR01A012.PROD.OUTLOOK.COM'."
    )
}

pub(crate) fn unknown_parameter(cmdlet: &str, parameter: &str) -> Box<Answer> {
    let text = format!(
        "Parameter set cannot be resolved using the specified named parameters. Invalid cmdlet parameters specified. {parameter}"
    );
    let kind = "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException";
    let detail = Detail::Piped { code: "", kind, text: &text };
    let answer = failure("Invalid Operation", cmdlet, &detail);
    Box::new(answer.refused(format!("{cmdlet} has no parameter `{parameter}`")))
}

/// How the service words what is missing is not on record; this is PowerShell's text in the form of the refusal above.
pub(crate) fn missing_parameter(cmdlet: &str, parameter: &str) -> Box<Answer> {
    let text =
        format!("Cannot process command because of one or more missing mandatory parameters: {parameter}.");
    let kind = "System.Management.Automation.ParameterBindingException";
    let answer = failure("Invalid Operation", cmdlet, &Detail::Piped { code: "", kind, text: &text });
    Box::new(answer.refused(format!("{cmdlet} needs the parameter `{parameter}`")))
}

/// A value of the wrong form.
pub(crate) fn transformation(cmdlet: &str, parameter: &str, reason: &str) -> Box<Answer> {
    let kind = "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException";
    let text = format!("Cannot process argument transformation on parameter '{parameter}'. {reason}");
    let answer = failure("Invalid Operation", cmdlet, &Detail::Inner { kind, text: &text });
    Box::new(answer.refused(format!("the value of `{parameter}` does not fit: {reason}")))
}

/// What a cmdlet refuses for a reason of its own.
pub(crate) fn objection(cmdlet: &str, kind: &str, text: &str) -> Box<Answer> {
    let answer = failure("Error executing cmdlet", cmdlet, &Detail::Piped { code: "Ex6F9304", kind, text });
    Box::new(answer.refused(text.to_owned()))
}

/// A request that is wrong before any cmdlet is looked for.
pub(crate) fn bad_request(code: &str, message: &str, why: impl Into<String>) -> Box<Answer> {
    let answer = body(StatusCode::BAD_REQUEST, &json!({"code": code, "message": message}));
    Box::new(answer.refused(why))
}

pub(crate) fn body(status: StatusCode, error: &Value) -> Answer {
    Answer::text(status, CONTENT_TYPE, json!({"error": error}).to_string())
}

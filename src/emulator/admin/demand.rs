//! What every call that runs something must carry in its headers.

use http::StatusCode;
use uuid::Uuid;

use super::authenticate::Caller;
use super::refusal::bad_request;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::call::Call;

const MAILBOX: &str = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";
pub(crate) const LARGEST_PAGE: usize = 1000;

/// The headers on which the pages of one run must agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) anchor: String,
    pub(crate) request_id: Uuid,
}

impl Run {
    pub(crate) fn read(call: &Call, caller: &Caller) -> Checked<Self> {
        check_accept(call)?;
        check_trace(call)?;
        Ok(Self { anchor: anchor(call, caller)?, request_id: request_id(call)? })
    }
}

/// What is known of the service is that it lets a request pass without the header, or with a good one. A wrong one is the
/// client's fault, which it could not see elsewhere.
fn check_trace(call: &Call) -> Checked {
    if !call.has_header("traceparent") {
        return Ok(());
    }
    let fields: Vec<&str> = call.header("traceparent").unwrap_or_default().split('-').collect();
    let digits =
        |field: &str| field.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit));
    let numbers = |field: &str| digits(field) && field.bytes().any(|digit| digit != b'0');
    match fields[..] {
        ["00", trace, part, "00" | "01"]
            if (trace.len(), part.len()) == (32, 16) && numbers(trace) && numbers(part) =>
        {
            Ok(())
        }
        _ => Err(bad_request(
            "BadRequest",
            "The traceparent header is invalid.",
            "traceparent is not 00-trace-part-flags",
        )),
    }
}

fn check_accept(call: &Call) -> Checked {
    let accepted = |header: &str| {
        let mut kinds = header.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim());
        kinds.any(|kind| kind.eq_ignore_ascii_case("application/json"))
    };
    match call.header("accept") {
        Some(header) if accepted(header) => Ok(()),
        _ => Err(Box::new(
            Answer::empty(StatusCode::NOT_ACCEPTABLE).refused("Accept does not name application/json"),
        )),
    }
}

pub(crate) fn check_content_type(call: &Call) -> Checked {
    if call.content_type().as_deref() == Some("application/json") {
        return Ok(());
    }
    let answer = Answer::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    Err(Box::new(answer.refused("Content-Type is not application/json")))
}

/// The id of the session, which the official module sends with every request for entities.
pub(crate) fn check_connection_id(call: &Call) -> Checked {
    match call.header("connection-id").map(str::parse::<Uuid>) {
        Some(Ok(_)) => Ok(()),
        None if !call.has_header("connection-id") => Ok(()),
        _ => {
            Err(bad_request("BadRequest", "The connection-id header is invalid.", "connection-id is no GUID"))
        }
    }
}

pub(crate) fn check_response_format(call: &Call) -> Checked {
    match call.header("x-responseformat") {
        None if !call.has_header("x-responseformat") => Ok(()),
        Some(format) if format.eq_ignore_ascii_case("json") => Ok(()),
        _ => {
            let why = "X-ResponseFormat is not json: the emulator speaks no CLIXML";
            Err(bad_request("BadRequest", "Invalid response format.", why))
        }
    }
}

/// The anchor of an application: it routes to the organization's own arbitration mailbox.
fn anchor(call: &Call, caller: &Caller) -> Checked<String> {
    let refused =
        |why| bad_request("ErrorIncorrectRoutingHint", "The routing hint is missing or incorrect.", why);
    let Some(anchor) = call.header("x-anchormailbox") else {
        return Err(refused("anchor mailbox is missing"));
    };
    let wanted = format!("APP:{MAILBOX}@{}", caller.claims.tenant);
    if anchor.eq_ignore_ascii_case(&wanted) {
        return Ok(wanted);
    }
    Err(refused("anchor mailbox is not APP:SystemMailbox{bb558c35-…}@ and the tid of the token"))
}

fn request_id(call: &Call) -> Checked<Uuid> {
    let refused = |why| bad_request("BadRequest", "The client-request-id header is missing or invalid.", why);
    let header = call.header("client-request-id").ok_or_else(|| refused("client-request-id is missing"))?;
    header.parse().map_err(|_| refused("client-request-id is no GUID"))
}

/// The page size that `Prefer` asks for.
pub(crate) fn page_size(call: &Call) -> Checked<usize> {
    let preferences = call.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let mut sizes = preferences.flat_map(|header| header.split([',', ';'])).filter_map(|preference| {
        let (name, size) = preference.trim().split_once('=')?;
        name.eq_ignore_ascii_case("odata.maxpagesize").then_some(size)
    });
    let Some(size) = sizes.next() else { return Ok(LARGEST_PAGE) };
    match size.parse() {
        Ok(size @ 1..=LARGEST_PAGE) => Ok(size),
        _ => {
            Err(bad_request("BadRequest", "Invalid odata.maxpagesize.", "odata.maxpagesize is not 1 to 1000"))
        }
    }
}

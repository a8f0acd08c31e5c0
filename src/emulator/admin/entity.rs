//! The entity set behind Get-EXOMailbox, which is read by GET and paged by GET.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::json;

use super::about::check_get;
use super::affinity::Affinity;
use super::authenticate::{Caller, check_reach};
use super::demand::{self, Run};
use super::envelope::{CONTENT_TYPE, MORE_RESULTS};
use super::invoke::columns;
use super::paging::{self, PagedRun};
use super::refusal::{self, bad_request};
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::call::{Call, duplicate, unknown};
use crate::emulator::state::State;
use crate::emulator::tenant::record::Columns;
use crate::emulator::tenant::{Set, Tenant};

const PARAMETERS: &[&str] = &["$select", "$top", "$skiptoken", "PropertySet", "isEncoded"];
const MINIMUM: &[&str] = &[
    "ExternalDirectoryObjectId",
    "UserPrincipalName",
    "Alias",
    "DisplayName",
    "EmailAddresses",
    "PrimarySmtpAddress",
    "RecipientType",
    "RecipientTypeDetails",
    "Identity",
    "Id",
    "ExchangeVersion",
    "Name",
    "DistinguishedName",
    "OrganizationId",
    "Guid",
];

/// Whether a path ends in the set or in one member of it. The segment is in lower case.
pub(crate) fn is_mailbox(segment: &str) -> bool {
    segment == "mailbox" || key(segment).is_some()
}

fn key(segment: &str) -> Option<&str> {
    let (set, key) = segment.split_at_checked("mailbox".len())?;
    let key = key.strip_prefix("('")?.strip_suffix("')")?;
    set.eq_ignore_ascii_case("mailbox").then_some(key)
}

pub(crate) fn answer(state: &State, call: &Call, tenant: &str, segment: &str) -> Checked<Answer> {
    check_get(call)?;
    let caller = Caller::authenticate(state, call, tenant)?;
    check_reach(&caller)?;
    check_query(call)?;
    let run = Run::read(call, &caller)?;
    let data = state.tenant(state.script.home).ok_or_else(|| refusal::mute("the tenant has no data"))?;
    let columns = wanted(call)?;
    let context = format!("{}/adminapi/beta/{}/$metadata#Mailbox", call.origin(), caller.claims.tenant);
    match key(segment) {
        Some(key) => member(call, data, key, &columns, &context),
        None => list(state, call, data, run, &columns, &context),
    }
}

fn check_query(call: &Call) -> Checked {
    let why = match (duplicate(&call.query), unknown(&call.query, PARAMETERS)) {
        (Some(name), _) => format!("the query names `{name}` twice"),
        (None, Some(name)) => format!("the emulator knows no query option `{name}` of Mailbox"),
        (None, None) => return Ok(()),
    };
    Err(bad_request("BadRequest", "The query of the request is not valid.", why))
}

/// The union of the property set and of the selection.
fn wanted(call: &Call) -> Checked<Columns> {
    let selected = columns(call).unwrap_or_default();
    let set = call.parameter("propertyset").unwrap_or("Minimum").to_ascii_lowercase();
    match set.as_str() {
        "all" => Ok(None),
        "minimum" if call.parameter("propertyset").is_none() && !selected.is_empty() => Ok(Some(selected)),
        "minimum" => Ok(Some(MINIMUM.iter().map(|&name| name.to_owned()).chain(selected).collect())),
        _ => Err(bad_request("BadRequest", "Unknown property set.", "the emulator knows Minimum and All")),
    }
}

fn member(call: &Call, data: &Tenant, key: &str, columns: &Columns, context: &str) -> Checked<Answer> {
    let encoded = call.parameter("isencoded").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let identity = if encoded { decode(key) } else { Some(key.to_owned()) };
    let identity = identity.ok_or_else(|| {
        bad_request("BadRequest", "The key is not valid.", "the key is not base64, though isEncoded says so")
    })?;
    let place = data.find(Set::Mailbox, &identity).ok_or_else(|| {
        let error = json!({"code": "NotFound", "message": refusal::not_found_text(&identity)});
        Box::new(refusal::body(StatusCode::NOT_FOUND, &error).refused("the mailbox does not exist"))
    })?;
    let mut text = String::new();
    data.write(Set::Mailbox, place, columns, false, &mut text);
    let text =
        text.replacen('{', &format!("{{\"@odata.context\":{},", json!(format!("{context}/$entity"))), 1);
    Ok(Answer::text(StatusCode::OK, CONTENT_TYPE, text))
}

/// A key in a path has its `/`, `+` and `=` escaped.
fn decode(key: &str) -> Option<String> {
    let key = format!("key={}", key.replace('+', "%2B"));
    let (_, key) = url::form_urlencoded::parse(key.as_bytes()).next()?;
    String::from_utf8(STANDARD.decode(key.as_bytes()).ok()?).ok()
}

fn list(
    state: &State,
    call: &Call,
    data: &Tenant,
    run: Run,
    columns: &Columns,
    context: &str,
) -> Checked<Answer> {
    let affinity = Affinity::read(call);
    let query = call.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"));
    let paged = PagedRun { run, request: json!(query.collect::<Vec<_>>()), affinity: affinity.values() };
    let total = data.count(Set::Mailbox);
    let wanted = total.min(top(call)?);
    let start = paging::offset(state, call, &paged)?.min(wanted);
    let end = wanted.min(start + demand::page_size(call)?.min(state.script.page_limit));
    let rows = data.rows(Set::Mailbox, start..end, columns, false);
    let next = (end < wanted).then(|| next_link(call, &state.pages.open(paged, end, state.now())));
    let answer = page(context, &rows, next);
    let answer =
        if end < total { answer.with("x-warnings", &format!("{MORE_RESULTS}<eow>")) } else { answer };
    Ok(affinity.give(call, answer))
}

fn page(context: &str, rows: &str, next: Option<String>) -> Answer {
    let next = next.map(|link| format!(",\"@odata.nextLink\":{}", json!(link))).unwrap_or_default();
    let text = format!("{{\"@odata.context\":{},\"value\":[{rows}]{next}}}", json!(context));
    Answer::text(StatusCode::OK, CONTENT_TYPE, text)
}

fn top(call: &Call) -> Checked<usize> {
    let Some(top) = call.parameter("$top") else { return Ok(usize::MAX) };
    let refused = || bad_request("BadRequest", "$top is not valid.", "$top is no number above zero");
    top.parse().ok().filter(|&top| top > 0).ok_or_else(refused)
}

fn next_link(call: &Call, token: &str) -> String {
    let kept = call.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("$skiptoken", token)
        .finish();
    format!("{}{}?{query}", call.origin(), call.path)
}

//! Microsoft Graph v1.0: service principals, their app roles, and directory roles. Errors have the words that the service
//! is on record with; where none are, docs/emulator.md says so.

mod caller;
mod cursor;
mod principals;
mod query;
mod refusal;
mod roles;

pub(crate) use cursor::Cursors;

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::{Answer, Checked, either};
use super::call::Call;
use super::credential;
use super::script::{Fault, Place};
use super::state::State;
use caller::Caller;
use query::{Kind, Query};
use refusal::refuse;

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    if let Some(header) = credential::stray(call, "authorization") {
        let why = format!("SECRET LEAKED: the header `{header}` was sent to Microsoft Graph");
        return Answer::empty(StatusCode::BAD_REQUEST).refused(why);
    }
    let answer = either(route(state, call));
    let own = call.header("client-request-id").map(str::to_owned);
    let answer = answer.with("request-id", &uuid::Uuid::new_v4().to_string());
    own.iter().fold(answer, |answer, id| answer.with("client-request-id", id))
}

fn route(state: &State, call: &Call) -> Checked<Answer> {
    let caller = Caller::authenticate(state, call)?;
    if let Some(fault) = state.faults.strike(Place::Graph) {
        return Err(Box::new(refusal::at_the_door(fault)));
    }
    let segments = call.segments();
    let lower: Vec<String> = segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    // The ids of role assignments are not free of case.
    let own = |at: usize| segments.get(at).copied().unwrap_or_default();
    match (&call.method, lower.as_slice()) {
        (&Method::GET, ["v1.0", "serviceprincipals"]) => principals::list(state, call, &caller),
        (&Method::GET, ["v1.0", "serviceprincipals", id]) => principals::one(state, call, &caller, id),
        (&Method::GET, ["v1.0", "serviceprincipals", id, "approleassignments"]) => {
            principals::assignments(state, call, &caller, id)
        }
        (&Method::POST, ["v1.0", "serviceprincipals", id, "approleassignments"]) => {
            principals::assign(state, call, &caller, id)
        }
        (&Method::DELETE, ["v1.0", "serviceprincipals", id, "approleassignments", _]) => {
            principals::remove(state, call, &caller, id, own(4))
        }
        (&Method::GET, ["v1.0", "rolemanagement", "directory", "roledefinitions"]) => {
            roles::definitions(state, call, &caller)
        }
        (&Method::GET, ["v1.0", "rolemanagement", "directory", "roleassignments"]) => {
            roles::assignments(state, call, &caller)
        }
        (&Method::POST, ["v1.0", "rolemanagement", "directory", "roleassignments"]) => {
            roles::assign(state, call, &caller)
        }
        (&Method::DELETE, ["v1.0", "rolemanagement", "directory", "roleassignments", _]) => {
            roles::remove(state, call, &caller, own(4))
        }
        _ => unknown(call, &segments),
    }
}

fn unknown(call: &Call, segments: &[&str]) -> Checked<Answer> {
    if !matches!(call.method, Method::GET | Method::POST | Method::DELETE) {
        let why = "the method is none that the emulator knows here";
        return refuse(
            StatusCode::METHOD_NOT_ALLOWED,
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target.",
            why,
        );
    }
    let last = segments.last().copied().unwrap_or_default();
    let message = format!("Resource not found for the segment '{last}'.");
    refuse(
        StatusCode::BAD_REQUEST,
        "BadRequest",
        &message,
        "the emulator has no such path, or not by this method",
    )
}

/// One page of these rows, as the query wants them, with a link to the next where there are more.
fn page(state: &State, call: &Call, kind: Kind, query: &Query, rows: Vec<Value>) -> Checked<Answer> {
    let rows: Vec<Value> = rows.into_iter().filter(|row| query.fits(row)).collect();
    let start = state.cursors.offset(call)?;
    let end = rows.len().min(start + query.top.unwrap_or(usize::MAX).min(state.script.graph_page_limit));
    let items: Vec<Value> =
        rows.get(start..end).unwrap_or_default().iter().map(|row| query.narrow(row)).collect();
    let mut body = Map::new();
    body.insert("@odata.context".into(), json!(format!("{}/v1.0/$metadata#{}", call.origin(), kind.set())));
    if end < rows.len() {
        body.insert("@odata.nextLink".into(), json!(state.cursors.link(call, end)));
    }
    body.insert("value".into(), json!(items));
    Ok(Answer::json(StatusCode::OK, &Value::Object(body)))
}

/// Lists of assignments may come from a server that has fallen behind.
fn page_of_assignments(state: &State, call: &Call, kind: Kind, rows: Vec<Value>) -> Checked<Answer> {
    let query = Query::read(call, kind)?;
    let place = if kind == Kind::AppRoleAssignment { Place::AppRoles } else { Place::DirectoryRoles };
    if state.faults.strike(place) == Some(Fault::StaleServer) {
        let answer = page(state, call, kind, &query, Vec::new())?;
        return Ok(answer.scripted("this server knows no assignments yet"));
    }
    page(state, call, kind, &query, rows)
}

/// The body of a request that makes something: these properties, all of them texts, and no others.
fn body<const N: usize>(call: &Call, kind: Kind, names: [&str; N]) -> Checked<[String; N]> {
    const NO_TYPE: &str =
        "Write requests (excluding DELETE) must contain the Content-Type header declaration.";
    let bad = |message: &str, why: String| refuse(StatusCode::BAD_REQUEST, "BadRequest", message, why);
    if call.content_type().as_deref() != Some("application/json") {
        return bad(NO_TYPE, "Content-Type is not application/json".into());
    }
    let Ok(Value::Object(object)) = serde_json::from_slice(&call.body) else {
        return bad(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
            "the body is no JSON object".into(),
        );
    };
    let known = |name: &str| names.contains(&name) || name == "@odata.type";
    if let Some(name) = object.keys().find(|name| !known(name)) {
        let message = format!("The property '{name}' does not exist on this type.");
        return bad(&message, format!("the body has a property `{name}`"));
    }
    let own = format!("#microsoft.graph.{}", kind.type_name());
    if object.get("@odata.type").is_some_and(|named| *named != own) {
        return bad(
            "A type named in the request is not that of the collection.",
            "@odata.type is wrong".into(),
        );
    }
    let mut values = [const { String::new() }; N];
    for (name, place) in names.into_iter().zip(&mut values) {
        let Some(value) = object.get(name).and_then(Value::as_str).filter(|value| !value.is_empty()) else {
            return bad(
                "One or more property values specified are invalid.",
                format!("`{name}` is missing or no text"),
            );
        };
        value.clone_into(place);
    }
    Ok(values)
}

/// What the scenario does to a change in place of making it.
fn before_change(state: &State, principal: &str) -> Checked {
    match state.faults.strike(Place::Change) {
        Some(Fault::NewIdentity) => {
            Err(Box::new(refusal::missing(principal).scripted("this server does not know the identity yet")))
        }
        Some(Fault::GatewayTimeout) => Err(Box::new(refusal::gateway_timeout())),
        _ => Ok(()),
    }
}

/// The answer to a change that was made, unless it gets lost.
fn changed(state: &State, answer: Answer) -> Answer {
    match state.faults.strike(Place::Changed) {
        Some(Fault::Reset) => answer.cut_short(),
        _ => answer,
    }
}

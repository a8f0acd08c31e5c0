//! `$batch`: up to ten cmdlets in one request, each answered for itself.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use hyper::body::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use url::Url;

use super::about::json_answer;
use super::affinity::Affinity;
use super::authenticate::Caller;
use super::demand::check_content_type;
use super::invoke;
use super::refusal::bad_request;
use crate::emulator::answer::{Answer, Checked, Delivery, check_method, either};
use crate::emulator::call::{Call, pairs};
use crate::emulator::router;
use crate::emulator::state::State;

const MOST: usize = 10;
/// Headers of the batch that hold for its requests too.
const INHERITED: [&str; 2] = ["authorization", "client-request-id"];
/// Headers of the answers that come back inside the batch.
const RETURNED: [&str; 3] = ["content-type", "retry-after", "x-exceptiontype"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    requests: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: Map<String, Value>,
    body: Box<RawValue>,
}

pub(crate) async fn answer(state: &State, call: &Call, tenant: &str) -> Checked<Answer> {
    check_method(&call.method, &Method::POST, "$batch takes POST alone")?;
    Caller::authenticate(state, call, tenant)?;
    check_content_type(call)?;
    let items = items(call)?;
    let affinity = Affinity::read(call);
    // All are read before any runs: a batch that is refused has done nothing.
    let calls =
        items.into_iter().map(|item| Ok((item.id.clone(), inner_call(call, tenant, &affinity, &item)?)));
    let calls = calls.collect::<Checked<Vec<_>>>()?;
    let _under_way = state.capacity.admit()?;
    let mut answers = Vec::new();
    for (id, inner) in calls {
        answers.push(answer_item(state, &inner, tenant, &id).await);
    }
    // No order is promised, and one that is never the client's own shows who relies on it.
    answers.reverse();
    let any = |wanted| answers.iter().any(|(_, delivery)| *delivery == wanted);
    let (lost, cut) = (any(Delivery::Lost), any(Delivery::CutShort));
    let responses: Vec<Value> = answers.into_iter().map(|(response, _)| response).collect();
    let answer = affinity.give(call, json_answer(&json!({"responses": responses})));
    Ok(match (lost, cut) {
        (true, _) => answer.lost(),
        (_, true) => answer.cut_short(),
        _ => answer,
    })
}

fn items(call: &Call) -> Checked<Vec<Item>> {
    let Batch { requests } = serde_json::from_slice(&call.body)
        .map_err(|error| refused(format!("the body is no batch: {error}")))?;
    if requests.is_empty() || requests.len() > MOST {
        return Err(refused(format!("a batch holds 1 to 10 requests, not {}", requests.len())));
    }
    let twice = |(index, item): (usize, &Item)| requests[..index].iter().any(|other| other.id == item.id);
    if requests.iter().enumerate().any(twice) {
        return Err(refused("two requests of the batch have the same id"));
    }
    Ok(requests)
}

fn refused(why: impl Into<String>) -> Box<Answer> {
    bad_request("BadRequest", "The batch request is not valid.", why)
}

async fn answer_item(state: &State, inner: &Call, tenant: &str, id: &str) -> (Value, Delivery) {
    let answer = either(invoke::answer(state, inner, tenant).await);
    router::record(state, inner, "$batch".to_owned(), &answer);
    let headers = RETURNED.iter().filter_map(|name| {
        let value = answer.headers.get(*name)?.to_str().ok()?;
        Some(((*name).to_owned(), Value::from(value)))
    });
    // NUL bytes are no JSON: inside a batch the silence is null.
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let headers = headers.collect::<Map<_, _>>();
    let response = json!({"id": id, "status": answer.status.as_u16(), "headers": headers, "body": body});
    (response, answer.delivery)
}

/// The request that an item stands for, as if it had come by itself.
fn inner_call(call: &Call, tenant: &str, affinity: &Affinity, item: &Item) -> Checked<Call> {
    let url = Url::parse(&item.url).map_err(|_| refused("a url in the batch is not absolute"))?;
    if url.origin().ascii_serialization() != call.origin() {
        return Err(refused("a url in the batch leads to another origin"));
    }
    let wanted = format!("/adminapi/beta/{tenant}/InvokeCommand");
    if !url.path().eq_ignore_ascii_case(&wanted) {
        return Err(refused("a url in the batch is no InvokeCommand of this tenant"));
    }
    Ok(Call {
        service: call.service,
        scheme: call.scheme,
        authority: call.authority.clone(),
        method: item.method.parse().map_err(|_| refused("a method in the batch is none"))?,
        path: url.path().to_owned(),
        query: pairs(url.query().unwrap_or_default().as_bytes()),
        headers: inner_headers(call, affinity, item)?,
        body: Bytes::from(item.body.get().to_owned()),
        excess: None,
    })
}

fn inner_headers(call: &Call, affinity: &Affinity, item: &Item) -> Checked<HeaderMap> {
    let sent = |name| call.headers.get(name).map(|value| (HeaderName::from_static(name), value.clone()));
    let mut headers: HeaderMap = INHERITED.iter().copied().filter_map(sent).collect();
    for (name, value) in &item.headers {
        let name: HeaderName = name.parse().map_err(|_| refused("a header name in the batch is none"))?;
        headers.insert(
            name,
            value
                .as_str()
                .map_or_else(|| Err(refused("a header value in the batch is no text")), header_value)?,
        );
    }
    headers.entry("content-type").or_insert(HeaderValue::from_static("application/json"));
    headers.insert("cookie", header_value(&affinity.header())?);
    Ok(headers)
}

fn header_value(text: &str) -> Checked<HeaderValue> {
    text.parse().map_err(|_| refused("a header value in the batch is none"))
}

//! `$batch`: up to ten cmdlets in one request, each answered for itself.
//!
//! The module sends pipelined input like that; its files and two clients in production agree on the form. The order of
//! the answers is not promised, so that each is found by its id.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::call::Call;
use super::connection::Connection;
use super::envelope::Unreadable;
use super::error::Error;
use super::object::Object;
use super::page::Page;
use super::policy;
use super::reader::Reader;
use crate::http::header::{HeaderMap, HeaderName, HeaderValue};
use crate::http::{Answer, LONGEST_WAIT, Limits, Reply, StatusCode, Verdict, retry_after};
use crate::token::AccessToken;

/// The most cmdlets that one batch holds.
pub const LARGEST_BATCH: usize = 10;

const REQUEST_ID: &str = "request-id";

/// What became of one cmdlet of a batch.
#[derive(Debug)]
pub enum Item {
    /// It ran, and this is its first page, or it failed.
    Answered(Box<Result<Page, Error>>),
    /// It has to be sent by itself, after this wait: it was certainly not run, or running it twice does no harm.
    Alone(Duration),
}

#[derive(Serialize)]
struct Batch<'b> {
    requests: Vec<Asked<'b>>,
}

#[derive(Serialize)]
struct Asked<'b> {
    id: String,
    method: &'static str,
    url: String,
    headers: HashMap<&'b str, &'b str>,
    body: &'b RawValue,
}

#[derive(Deserialize)]
struct Answers<'b> {
    #[serde(borrow)]
    responses: Vec<&'b RawValue>,
}

/// One answer. Each is read by itself, so that an odd one says nothing against the others.
#[derive(Deserialize)]
struct Answered<'b> {
    /// A text; a number is taken for one.
    id: Value,
    status: u16,
    #[serde(default)]
    headers: Option<HashMap<String, Value>>,
    #[serde(borrow, default)]
    body: Option<&'b RawValue>,
}

impl Connection {
    /// Runs these cmdlets, at most [`LARGEST_BATCH`] of one kind, and gives what became of each, in their order. All of
    /// them carry the number of one run. An error means that nothing is known of any of them.
    pub async fn batch(
        &self,
        token: &AccessToken,
        calls: &[Call],
        run: Uuid,
        limits: &Limits,
    ) -> Result<Vec<Item>, Error> {
        let Some(first) = calls.first() else { return Ok(Vec::new()) };
        let url = self.endpoint().url(self.tenant(), "$batch");
        let mut outer = self.request(url, first, run, first.page_size);
        let prefer = format!("odata.maxpagesize={};odata.continue-on-error", first.page_size);
        outer = outer.header("prefer", &prefer);
        outer.body = Some(self.body(calls, run));
        let answer = self.send(outer, token, first, run, limits).await?;
        if !answer.reply.is_success() {
            // Refused as a whole: the reading of one page makes the error of it.
            let reader = Reader::of(first, false);
            return self.read(&answer, reader, token, first, run, limits).map(|_| Vec::new());
        }
        let unreadable = |_| Error::Unreadable {
            cmdlet: first.input.cmdlet_name.clone(),
            in_doubt: first.writes,
            client_request_id: run,
            why: Unreadable::NotAnEnvelope,
        };
        let mut replies = replies(&answer.reply.body).map_err(unreadable)?;
        let items = calls.iter().enumerate().map(|(at, call)| {
            let reply = replies.remove(&at);
            self.item(reply, &answer, token, call, run, limits)
        });
        Ok(items.collect())
    }

    /// Notes that the service was too busy for a part of a request.
    fn slow_down(&self, answer: &Answer, wait: Duration, limits: &Limits) {
        let now = limits.clock.elapsed();
        if let Some(window) = &self.window {
            window.refused_in_part(now.saturating_sub(answer.elapsed), now, Some(wait));
        }
    }

    fn body(&self, calls: &[Call], run: Uuid) -> Vec<u8> {
        let url = self.endpoint().url(self.tenant(), "InvokeCommand");
        let requests: Vec<_> =
            calls.iter().map(|call| self.request(url.clone(), call, run, call.first_page())).collect();
        let bodies = requests.iter().map(|request| {
            let body = request.body.as_deref().and_then(|body| serde_json::from_slice(body).ok());
            body.unwrap_or_else(|| RawValue::NULL.to_owned())
        });
        let bodies: Vec<Box<RawValue>> = bodies.collect();
        let asked = requests.iter().zip(&bodies).enumerate().map(|(at, (request, body))| Asked {
            id: at.to_string(),
            method: "POST",
            url: request.url.to_string(),
            headers: inner_headers(&request.headers),
            body,
        });
        serde_json::to_vec(&Batch { requests: asked.collect() }).unwrap_or_default()
    }

    fn item(
        &self,
        reply: Option<Reply>,
        outer: &Answer,
        token: &AccessToken,
        call: &Call,
        run: Uuid,
        limits: &Limits,
    ) -> Item {
        let Some(mut reply) = reply else { return unanswered(call, run) };
        if let Some(id) = outer.reply.headers.get(REQUEST_ID) {
            // The number of the whole is better than none.
            reply.headers.entry(REQUEST_ID).or_insert_with(|| id.clone());
        }
        let wait = retry_after(&reply, &limits.clock).unwrap_or_default();
        let outcome = Ok(reply);
        let again = policy::of(call)(&outcome) != Verdict::Final;
        if again {
            self.slow_down(outer, wait, limits);
        }
        if again && wait <= LONGEST_WAIT && limits.max_retries != Some(0) {
            return Item::Alone(wait);
        }
        let Ok(reply) = outcome else { return unanswered(call, run) };
        if reply.status == StatusCode::UNAUTHORIZED {
            return Item::Alone(Duration::ZERO);
        }
        let answer = Answer { reply, attempts: outer.attempts, elapsed: outer.elapsed };
        let mut reader = Reader::of(call, false);
        reader.take(&answer.reply.body);
        Item::Answered(Box::new(self.read(&answer, reader, token, call, run, limits)))
    }
}

/// A batch that passes over one of its requests: a reading one is sent by itself, of a writing one nobody knows.
fn unanswered(call: &Call, run: Uuid) -> Item {
    if call.repeatable {
        return Item::Alone(Duration::ZERO);
    }
    Item::Answered(Box::new(Err(Error::Unreadable {
        cmdlet: call.input.cmdlet_name.clone(),
        in_doubt: call.writes,
        client_request_id: run,
        why: Unreadable::NotAnswered,
    })))
}

/// The headers of a request inside a batch. How the reply is packed is a matter of the whole batch.
fn inner_headers(headers: &HeaderMap) -> HashMap<&str, &str> {
    let inner = headers.iter().filter(|(name, _)| *name != "accept-encoding");
    inner.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect()
}

/// The replies by the place of their requests. What has no such place is left out, and so is a second answer.
pub(super) fn replies(body: &[u8]) -> Result<HashMap<usize, Reply>, serde_json::Error> {
    let Object::<Answers<'_>>(answers) = serde_json::from_slice(body)?;
    let mut replies = HashMap::new();
    for answered in answers.responses {
        let Ok(Object(answered)) = serde_json::from_str::<Object<Answered<'_>>>(answered.get()) else {
            continue;
        };
        let status = StatusCode::from_u16(answered.status);
        if let (Some(at), Ok(status)) = (answered.place(), status) {
            replies.entry(at).or_insert_with(|| answered.reply(status));
        }
    }
    Ok(replies)
}

impl Answered<'_> {
    /// The place of its request.
    fn place(&self) -> Option<usize> {
        match &self.id {
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.as_u64().and_then(|at| usize::try_from(at).ok()),
            _ => None,
        }
    }

    fn reply(self, status: StatusCode) -> Reply {
        let header = |(name, value): (String, Value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
        };
        let body = self.body.map(RawValue::get).filter(|body| *body != "null").unwrap_or_default();
        Reply {
            status,
            headers: self.headers.into_iter().flatten().filter_map(header).collect(),
            body: body.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_found_by_their_ids_in_any_order() {
        let body = br#"{"responses":[
            {"id":"1","status":404,"headers":{"Retry-After":7},"body":{"error":{}}},
            {"id":"0","status":200,"body":null},
            {"id":"0","status":500},
            {"id":"x","status":200},
            {"id":"2","status":7},{"id":null,"status":200},{"status":200},1,["4",200],
            {"id":3,"status":200,"headers":null}]}"#;
        let replies = replies(body).expect("a batch");
        assert_eq!(replies.len(), 3);
        assert_eq!((replies[&0].status.as_u16(), replies[&0].body.as_slice()), (200, b"".as_slice()));
        assert_eq!(replies[&1].header("retry-after"), Some("7"));
        assert_eq!(replies[&1].body, br#"{"error":{}}"#);
    }

    #[test]
    fn what_is_no_batch_is_refused() {
        for body in ["", "[]", "null", "{}", r#"{"responses":{}}"#, r#"{"responses":null}"#, "[[]]"] {
            assert!(replies(body.as_bytes()).is_err(), "{body}");
        }
    }
}

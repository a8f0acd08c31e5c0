//! Cursors: each opens one further page, once, for half an hour, and only to the run that it was given to.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::demand::Run;
use super::refusal::bad_request;
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::call::Call;
use crate::emulator::script::PageTokens;
use crate::emulator::state::State;

const LIFETIME: Duration = Duration::from_secs(30 * 60);

#[derive(Default)]
pub(crate) struct Pages {
    open: Mutex<HashMap<String, Page>>,
}

struct Page {
    run: PagedRun,
    offset: usize,
    issued: SystemTime,
}

/// Where the page begins that a call asks for.
pub(crate) fn offset(state: &State, call: &Call, run: &PagedRun) -> Checked<usize> {
    let Some(token) = call.parameter("$skiptoken") else { return Ok(0) };
    if state.script.page_tokens == PageTokens::Refused {
        return Err(Box::new(expired("").scripted("every next link is refused")));
    }
    state.pages.take(token, run, state.now()).map_err(expired)
}

fn expired(why: &str) -> Box<Answer> {
    let text = "Expired or Invalid pagination request. Default Expiry time is 00:30:00";
    bad_request("BadRequest", text, why)
}

/// All in which two pages of one run must agree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PagedRun {
    pub(crate) run: Run,
    /// The body, or path and query where entities are asked for.
    pub(crate) request: Value,
    pub(crate) affinity: [String; 2],
}

impl Pages {
    /// A new cursor that leads to the row at `offset`.
    pub(crate) fn open(&self, run: PagedRun, offset: usize, now: SystemTime) -> String {
        let token = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever stops in the middle of a result never comes back for it. One that has just expired is kept, to be told so.
        open.retain(|_, page| now.duration_since(page.issued).unwrap_or_default() <= 2 * LIFETIME);
        open.insert(token.clone(), Page { run, offset, issued: now });
        token
    }

    /// Uses a cursor up, or says why it leads nowhere.
    pub(crate) fn take(&self, token: &str, run: &PagedRun, now: SystemTime) -> Result<usize, &'static str> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let page = open.get(token).ok_or("the page token is unknown or was used before")?;
        if let Some(why) = difference(&page.run, run) {
            return Err(why);
        }
        let age = now.duration_since(page.issued).unwrap_or_default();
        let offset = page.offset;
        open.remove(token);
        if age > LIFETIME { Err("the page token is older than 30 minutes") } else { Ok(offset) }
    }
}

fn difference(first: &PagedRun, now: &PagedRun) -> Option<&'static str> {
    match () {
        () if first.affinity != now.affinity => {
            Some("the affinity cookies of the first page did not come back")
        }
        () if first.run.anchor != now.run.anchor => Some("the anchor mailbox differs from the first page's"),
        () if first.run.request_id != now.run.request_id => {
            Some("the client-request-id differs from the first page's")
        }
        () if first.request != now.request => Some("the request differs from the first page's"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(anchor: &str) -> PagedRun {
        PagedRun {
            run: Run { anchor: anchor.into(), request_id: uuid::Uuid::nil() },
            request: Value::Null,
            affinity: ["a".into(), "b".into()],
        }
    }

    #[test]
    fn a_cursor_works_once() {
        let (pages, now) = (Pages::default(), SystemTime::UNIX_EPOCH);
        let token = pages.open(run("x"), 7, now);
        assert!(pages.take(&token, &run("y"), now).is_err(), "another run's anchor must not use it up");
        assert_eq!(pages.take(&token, &run("x"), now), Ok(7));
        assert!(pages.take(&token, &run("x"), now).is_err());
    }

    #[test]
    fn a_cursor_lives_for_half_an_hour() {
        let (pages, now) = (Pages::default(), SystemTime::UNIX_EPOCH);
        let [first, second] = [pages.open(run("x"), 1, now), pages.open(run("x"), 2, now)];
        assert_eq!(pages.take(&first, &run("x"), now + LIFETIME), Ok(1));
        assert!(pages.take(&second, &run("x"), now + LIFETIME + Duration::from_secs(1)).is_err());
    }

    #[test]
    fn cursors_that_nobody_comes_back_for_are_given_up() {
        let (pages, now) = (Pages::default(), SystemTime::UNIX_EPOCH);
        for hour in 0..48 {
            pages.open(run("x"), 1, now + Duration::from_secs(3600 * hour));
        }
        assert_eq!(pages.open.lock().unwrap().len(), 2);
    }
}

//! Answers that are given again as they were, so that a benchmark measures whoever asks and not this emulator, which makes
//! a page of a thousand mailboxes anew in a fifth of a second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use http::{Method, StatusCode};

use super::authenticate::Caller;
use super::envelope::takes_gzip;
use crate::emulator::answer::Answer;
use crate::emulator::call::Call;
use crate::emulator::state::State;

/// What was read, if anything is to be remembered. A link to a page is good once as ever, but what it led to is known.
pub(crate) struct Memory(Option<Mutex<HashMap<Question, Answer>>>);

/// All in which two requests for the same bytes agree.
#[derive(PartialEq, Eq, Hash)]
struct Question {
    path: String,
    query: Vec<(String, String)>,
    body: Vec<u8>,
    prefer: Option<String>,
    gzip: bool,
}

impl Question {
    fn of(call: &Call) -> Self {
        Self {
            path: call.path.clone(),
            query: call.query.clone(),
            body: call.body.to_vec(),
            prefer: call.header("prefer").map(str::to_owned),
            gzip: takes_gzip(call),
        }
    }
}

impl Memory {
    pub(crate) fn new(remembers: bool) -> Self {
        Self(remembers.then(Mutex::default))
    }

    /// What was answered to the same question before. Who asks is looked at as ever; whether a later page belongs to the
    /// run of the first is not.
    pub(crate) fn recall(&self, state: &State, call: &Call) -> Option<Answer> {
        let known = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = known.get(&Question::of(call))?;
        let tenant = call.segments().get(2).copied().unwrap_or_default();
        Caller::authenticate(state, call, tenant).is_ok().then(|| answer.clone())
    }

    /// Keeps what was read. A write makes all of it untrue.
    pub(crate) fn keep(&self, call: &Call, answer: &Answer) {
        let Some(known) = &self.0 else { return };
        let invocation = answer.invocation.as_ref();
        let reads = call.method == Method::GET || invocation.is_some_and(|it| it.cmdlet.starts_with("Get-"));
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if !reads {
            known.clear();
        } else if answer.status == StatusCode::OK {
            known.insert(Question::of(call), answer.clone());
        }
    }
}

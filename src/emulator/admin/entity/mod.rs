//! The entities behind the Get-EXO* cmdlets, which are read by GET and paged by GET.

mod endpoint;
pub(crate) mod filter;
mod path;
mod property_set;
mod query;
mod restriction;
mod source;

use http::StatusCode;
use serde_json::json;

use super::about::check_get;
use super::affinity::Affinity;
use super::authenticate::{Caller, check_reach};
use super::demand::{self, Run};
use super::envelope::{CONTENT_TYPE, MORE_RESULTS};
use super::paging::{self, PagedRun};
use super::{fault, refusal};
use crate::emulator::answer::{Answer, Checked};
use crate::emulator::call::Call;
use crate::emulator::script::{Fault, Place};
use crate::emulator::state::State;
pub(super) use endpoint::Addressed;
use source::{Found, Lookup, Request, Source};

pub(super) fn answer(state: &State, call: &Call, tenant: &str, addressed: &Addressed) -> Checked<Answer> {
    check_get(call)?;
    let caller = Caller::authenticate(state, call, tenant)?;
    check_reach(&caller)?;
    demand::check_content_type(call)?;
    demand::check_connection_id(call)?;
    query::check(call, addressed.endpoint)?;
    let run = Run::read(call, &caller)?;
    if let Some(answer) = struck(state) {
        return Ok(answer);
    }
    let data = state.tenant(state.script.home).ok_or_else(|| refusal::mute("the tenant has no data"))?;
    let lookup = Request { call, tenant: data, addressed }.look_up()?;
    let metadata = format!("{}/adminapi/beta/{}/$metadata", call.origin(), caller.claims.tenant);
    let context = format!("{metadata}#{}", addressed.endpoint.context);
    let answer = match &lookup.found {
        Found::One(row) => single(&lookup.write(row), &context),
        Found::Many(source) => Listing { state, call, lookup: &lookup, source }.page(run, &context)?,
    };
    Ok(fault::at_the_reply(state, answer))
}

/// The faults of cmdlets strike here too, in the forms that these paths have for them.
fn struck(state: &State) -> Option<Answer> {
    match state.faults.strike(Place::Invocation)? {
        Fault::NotFound => Some(refusal::no_such_entity("Finance", "").scripted("the object is not found")),
        fault => fault::at_the_invocation(state, fault, "Get-EXO*"),
    }
}

fn single(object: &str, context: &str) -> Answer {
    let text = object.replacen('{', &format!("{{\"@odata.context\":{},", json!(context)), 1);
    Answer::text(StatusCode::OK, CONTENT_TYPE, text)
}

/// A list that is about to be cut into pages.
struct Listing<'a, 'd> {
    state: &'a State,
    call: &'a Call,
    lookup: &'a Lookup<'d>,
    source: &'a Source<'d>,
}

impl Listing<'_, '_> {
    fn page(&self, run: Run, context: &str) -> Checked<Answer> {
        let affinity = Affinity::read(self.call);
        let query = self.call.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"));
        let request = json!([self.call.path, query.collect::<Vec<_>>()]);
        let paged = PagedRun { run, request, affinity: affinity.values() };
        let start = paging::offset(self.state, self.call, &paged)?;
        let room = query::top(self.call)?.saturating_sub(self.given(start)?);
        let size = demand::page_size(self.call)?.min(self.state.script.page_limit);
        let (rows, rest) = self.rows(start, size.min(room));
        let open = |rest| self.next_link(&self.state.pages.open(paged, rest, self.state.now()));
        let next = rest.filter(|_| room > size).map(open);
        let answer = page(context, &rows, next);
        let answer = match rest {
            Some(_) => answer.with("x-warnings", &format!("{MORE_RESULTS}<eow>")),
            None => answer,
        };
        Ok(affinity.give(self.call, answer))
    }

    /// How many objects came before a place, which only `$top` must know.
    fn given(&self, start: usize) -> Checked<usize> {
        if query::top(self.call)? == usize::MAX {
            return Ok(0);
        }
        Ok((0..start).filter(|&place| (self.source.at)(place).is_some()).count())
    }

    /// The objects of one page from a place on, and the place of the first that comes after them.
    fn rows(&self, start: usize, most: usize) -> (String, Option<usize>) {
        let mut rows: Vec<String> = Vec::new();
        for place in start..self.source.places {
            let Some(row) = (self.source.at)(place) else { continue };
            if rows.len() == most {
                return (rows.join(","), Some(place));
            }
            rows.push(self.lookup.write(&row));
        }
        (rows.join(","), None)
    }

    fn next_link(&self, token: &str) -> String {
        let kept = self.call.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair("$skiptoken", token)
            .finish();
        format!("{}{}?{query}", self.call.origin(), self.call.path)
    }
}

fn page(context: &str, rows: &str, next: Option<String>) -> Answer {
    let next = next.map(|link| format!(",\"@odata.nextLink\":{}", json!(link))).unwrap_or_default();
    let text = format!("{{\"@odata.context\":{},\"value\":[{rows}]{next}}}", json!(context));
    Answer::text(StatusCode::OK, CONTENT_TYPE, text)
}

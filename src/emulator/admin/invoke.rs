//! `InvokeCommand`: one cmdlet, one page.

use http::Method;

use super::affinity::Affinity;
use super::authenticate::{Caller, check_reach};
use super::bind::Bound;
use super::capacity::Capacity;
use super::cmdlet::{Action, Cmdlet};
use super::demand::{self, Run};
use super::envelope::{Envelope, MORE_RESULTS};
use super::execute;
use super::fault;
use super::input::Input;
use super::paging::{self, PagedRun};
use super::refusal::{self, bad_request};
use super::select;
use crate::emulator::answer::{Answer, Checked, check_method, either};
use crate::emulator::call::{Call, duplicate, unknown};
use crate::emulator::journal::Invocation;
use crate::emulator::script::{Fault, Place};
use crate::emulator::state::State;
use crate::emulator::tenant::Tenant;
use crate::emulator::tenant::record::Columns;

const PARAMETERS: &[&str] = &["$select", "$skiptoken"];

/// Everything that one call brings, checked.
struct Invoked<'a> {
    state: &'a State,
    call: &'a Call,
    tenant: &'a Tenant,
    caller: Caller,
    run: PagedRun,
    affinity: Affinity,
    page_size: usize,
    input: Input,
}

pub(crate) async fn answer(state: &State, call: &Call, tenant: &str) -> Checked<Answer> {
    check_method(&call.method, &Method::POST, "InvokeCommand takes POST alone, for next links too")?;
    let caller = Caller::authenticate(state, call, tenant)?;
    check_reach(&caller)?;
    let invoked = Invoked::read(state, call, caller)?;
    Capacity::spend(state).await;
    let mut executed = false;
    let answer = either(invoked.run(&mut executed));
    let answer = invoked.affinity.give(call, answer);
    Ok(invoked.recorded(executed, answer))
}

impl<'a> Invoked<'a> {
    fn read(state: &'a State, call: &'a Call, caller: Caller) -> Checked<Self> {
        demand::check_content_type(call)?;
        demand::check_response_format(call)?;
        check_query(call)?;
        let run = Run::read(call, &caller)?;
        let page_size = demand::page_size(call)?.min(state.script.page_limit);
        let input = Input::read(&call.body)?;
        check_name(call, &input)?;
        let affinity = Affinity::read(call);
        let tenant =
            state.tenant(state.script.home).ok_or_else(|| refusal::mute("the tenant has no data"))?;
        let run = PagedRun { run, request: input.body.clone(), affinity: affinity.values() };
        Ok(Self { state, call, tenant, caller, run, affinity, page_size, input })
    }

    fn recorded(&self, executed: bool, mut answer: Answer) -> Answer {
        let known = Cmdlet::find(&self.input.cmdlet, super::authenticate::Reach::Everything);
        answer.invocation = Some(Invocation {
            cmdlet: known.map_or_else(|| self.input.cmdlet.clone(), |cmdlet| cmdlet.name.to_owned()),
            parameters: self.input.parameters_json(),
            executed,
        });
        answer
    }

    fn run(&self, executed: &mut bool) -> Checked<Answer> {
        let Input { cmdlet: name, .. } = &self.input;
        let struck = self.state.faults.strike(Place::Invocation);
        if let Some(answer) = struck.and_then(|fault| fault::at_the_invocation(self.state, fault, name)) {
            return Ok(answer);
        }
        let cmdlet = Cmdlet::find(name, self.caller.reach()).ok_or_else(|| refusal::mute_cmdlet(name))?;
        let bound = Bound::new(cmdlet, &self.input)?;
        let mut envelope = self.envelope();
        if bound.confirm == Some(true) {
            envelope.confirmation = Some(bound.question());
            return Ok(envelope.into_answer());
        }
        match cmdlet.action {
            Action::Get => self.list(&bound, &mut envelope)?,
            _ => self.write(&bound, &mut envelope)?,
        }
        *executed = true;
        Ok(self.reply(envelope))
    }

    fn envelope(&self) -> Envelope {
        let (origin, tenant) = (self.call.origin(), &self.caller.claims.tenant);
        let context =
            format!("{origin}/adminapi/beta/{tenant}/$metadata#Collection(Exchange.GenericHashTable)");
        Envelope { context, ..Envelope::default() }
    }

    fn list(&self, bound: &Bound, envelope: &mut Envelope) -> Checked {
        let selection = select::select(bound, self.tenant)?;
        let total = selection.places.len();
        let wanted = total.min(selection.result_size);
        let start = paging::offset(self.state, self.call, &self.run)?.min(wanted);
        let end = wanted.min(start + self.page_size);
        let places = selection.places[start..end].iter().copied();
        envelope.rows = self.tenant.rows(selection.set, places, &columns(self.call), true);
        if end < total {
            envelope.warnings.push(MORE_RESULTS.to_owned());
        }
        envelope.warnings.extend(selection.ignored.into_iter().map(unevaluated));
        envelope.next_link = (end < wanted).then(|| self.next_link(end));
        Ok(())
    }

    fn write(&self, bound: &Bound, envelope: &mut Envelope) -> Checked {
        let written = execute::write(bound, self.tenant, self.state.now())?;
        envelope.warnings = written.warnings;
        envelope.warnings.extend(written.ignored.into_iter().map(unevaluated));
        if let Some((set, place)) = written.created {
            envelope.rows = self.tenant.rows(set, [place], &columns(self.call), true);
        }
        Ok(())
    }

    fn next_link(&self, offset: usize) -> String {
        let token = self.state.pages.open(self.run.clone(), offset, self.state.now());
        let (origin, tenant) = (self.call.origin(), &self.caller.claims.tenant);
        let select = self.call.parameter("$select").map(|columns| format!("&$select={columns}"));
        let select = select.unwrap_or_default();
        format!("{origin}/adminapi/beta/{tenant}/InvokeCommand?$skiptoken={token}{select}")
    }

    fn reply(&self, mut envelope: Envelope) -> Answer {
        if self.state.script.plans(Fault::Errors) {
            envelope.errors = fault::in_band_errors();
            return envelope.into_answer().scripted("errors inside a 200");
        }
        fault::at_the_reply(self.state, envelope.into_answer())
    }
}

/// Nobody shall take a whole answer for a narrowed one.
fn unevaluated(parameter: &str) -> String {
    format!("The emulator takes the parameter '{parameter}' and does not evaluate it.")
}

fn check_query(call: &Call) -> Checked {
    let why = match (duplicate(&call.query), unknown(&call.query, PARAMETERS)) {
        (Some(name), _) => format!("the query names `{name}` twice"),
        (None, Some(name)) => format!("InvokeCommand knows no query option `{name}`"),
        (None, None) => return Ok(()),
    };
    Err(bad_request("BadRequest", "The query of the request is not valid.", why))
}

fn check_name(call: &Call, input: &Input) -> Checked {
    match call.header("x-cmdletname") {
        Some(name) if !name.eq_ignore_ascii_case(&input.cmdlet) => {
            let why = "X-CmdletName names another cmdlet than the body";
            Err(bad_request("BadRequest", "X-CmdletName does not match the request.", why))
        }
        _ => Ok(()),
    }
}

pub(crate) fn columns(call: &Call) -> Columns {
    let select = call.parameter("$select")?;
    Some(select.split(',').map(|name| name.trim().to_owned()).collect())
}

//! The admin API of Exchange Online.

mod about;
mod affinity;
mod authenticate;
mod batch;
mod bind;
pub(crate) mod capacity;
mod cmdlet;
mod demand;
pub(crate) mod entity;
mod envelope;
mod execute;
mod fault;
mod input;
mod invoke;
mod kind;
pub(crate) mod memory;
mod module_file;
mod opath;
pub(crate) mod paging;
mod quantity;
mod refusal;
mod select;

use http::StatusCode;

use self::capacity::Capacity;
use super::answer::{Answer, Checked, either};
use super::call::Call;
use super::script::Place;
use super::state::State;

pub(crate) async fn answer(state: &State, call: &Call) -> Answer {
    if !state.script.delay.is_zero() {
        state.clock.sleep(state.script.delay).await;
    }
    match state.faults.strike(Place::Door).and_then(|fault| fault::at_the_door(fault, call)) {
        Some(answer) => answer,
        None => remembered(state, call).await,
    }
}

async fn remembered(state: &State, call: &Call) -> Answer {
    if let Some(answer) = state.memory.recall(state, call) {
        return answer;
    }
    let answer = envelope::dress(state, call, either(route(state, call).await));
    state.memory.keep(call, &answer);
    answer
}

async fn route(state: &State, call: &Call) -> Checked<Answer> {
    let segments = call.segments();
    let lower: Vec<String> = segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let tenant = segments.get(2).copied().unwrap_or_default();
    match lower.as_slice() {
        ["adminapi", "beta", _, "invokecommand"] => {
            let _under_way = state.capacity.admit()?;
            invoke::answer(state, call, tenant).await
        }
        ["adminapi", "v1.0", _, "invokecommand"] => {
            let answer = Answer::empty(StatusCode::METHOD_NOT_ALLOWED);
            Err(Box::new(answer.refused("v1.0 has no InvokeCommand: it is beta")))
        }
        ["adminapi", "v1.0", _, "exomodulefile"] => module_file::answer(state, call, tenant),
        ["adminapi", "v1.0", _, "exobanner('autogensession')"] => about::banner(state, call, tenant),
        ["adminapi", "beta", _, "$batch"] => batch::answer(state, call, tenant).await,
        ["adminapi", "beta", _, "basicinfo('adminapistate')"] => about::state(state, call, tenant),
        ["adminapi", "beta", _, ..] => match entity::Addressed::find(&segments[3..]) {
            Some(addressed) => {
                let _under_way = state.capacity.admit()?;
                Capacity::spend(state).await;
                entity::answer(state, call, tenant, &addressed)
            }
            None => Err(no_such_path()),
        },
        _ => Err(no_such_path()),
    }
}

fn no_such_path() -> Box<Answer> {
    Box::new(Answer::empty(StatusCode::NOT_FOUND).refused("the admin API has no such path"))
}

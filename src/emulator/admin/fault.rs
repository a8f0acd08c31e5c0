//! What scenarios do to the admin API.

use http::StatusCode;
use serde_json::json;

use super::refusal::{self, Detail};
use crate::emulator::answer::Answer;
use crate::emulator::call::Call;
use crate::emulator::script::{Fault, Place};
use crate::emulator::state::State;
use crate::emulator::tenant::date;

const REGION: &str = "https://eurprd01.outlook.office365.com";

/// Before the request is looked at.
pub(crate) fn at_the_door(fault: Fault, call: &Call) -> Option<Answer> {
    match fault {
        Fault::Overloaded => {
            let answer = Answer::html(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
            Some(answer.scripted("the service is overloaded"))
        }
        Fault::Redirected => {
            let answer = Answer::empty(StatusCode::FOUND).with("location", &format!("{REGION}{}", call.path));
            Some(answer.scripted("redirected to a regional host"))
        }
        _ => None,
    }
}

/// Instead of running the cmdlet.
pub(crate) fn at_the_invocation(state: &State, fault: Fault, cmdlet: &str) -> Option<Answer> {
    match fault {
        Fault::NotYetGranted => Some(*refusal::mute("the role has not reached Exchange yet")),
        Fault::Throttled => Some(throttled(state)),
        Fault::Exception => {
            let kind = "Microsoft.Exchange.Data.Directory.DCOverloadedException";
            let text = "Active Directory server is overloaded. Please try again later.";
            let detail = Detail::Piped { code: "Ex41BAF5", kind, text };
            let answer = refusal::failure("Error executing cmdlet", cmdlet, &detail);
            Some(answer.scripted("a directory server is overloaded"))
        }
        Fault::NotFound => Some(refusal::not_found(cmdlet, "Finance").scripted("the object is not found")),
        fault => Answer::in_its_way(fault),
    }
}

/// After the cmdlet has run.
pub(crate) fn at_the_reply(state: &State, answer: Answer) -> Answer {
    match state.faults.strike(Place::Reply) {
        Some(Fault::Reset) => answer.cut_short(),
        Some(Fault::Lost) => answer.lost(),
        Some(fault) => Answer::in_its_way(fault).unwrap_or(answer),
        None => answer,
    }
}

fn throttled(state: &State) -> Answer {
    let error = json!({"code": "TooManyRequests", "message": "The request has been throttled."});
    let reset = date::exact(state.now() + std::time::Duration::from_secs(1));
    refusal::body(StatusCode::TOO_MANY_REQUESTS, &error)
        .with("retry-after", "1")
        .with("rate-limit-reset", &reset)
        .with("rate-limit-reason", "TenantRequestRate")
        .scripted("throttled")
}

/// Errors that a cmdlet reports without ending, as the answer carries them.
pub(crate) fn in_band_errors() -> Vec<String> {
    let text = refusal::not_found_text("Finance");
    vec![format!("Ex6F9304|{}|{text}", refusal::NOT_FOUND)]
}

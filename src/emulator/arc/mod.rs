//! The agent of an Arc-enabled server: a token for whoever can read a file that only the privileged can.

mod agent;
mod key;

pub(crate) use agent::Agent;
pub(crate) use key::Trick;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::aadsts;
use super::answer::{Answer, Checked, check_method, either};
use super::call::{Call, given, misnamed};
use super::credential;
use super::directory::{ARC_SERVER, Identity};
use super::handout::{Handout, hand_out, strings};
use super::issuer::is_known;
use super::metadata_service::{self, check_origin, echo, invalid_request};
use super::script::{Fault, Place};
use super::selector::{Assigned, Kind, Unchosen};
use super::state::State;
use super::tenant::date;

pub(crate) const PATH: &str = "/metadata/identity/oauth2/token";
const VERSIONS: &[&str] = &["2019-11-01", "2020-06-01", "2021-02-01"];
const SELECTORS: &[(&str, Kind)] =
    &[("client_id", Kind::Client), ("object_id", Kind::Object), ("msi_res_id", Kind::Resource)];
/// The last one is App Service's name for a resource id, which the agent passes over in silence.
const PARAMETERS: &[&str] = &["api-version", "resource", "client_id", "object_id", "msi_res_id", "mi_res_id"];

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    if call.path.eq_ignore_ascii_case(PATH) {
        either(token(state, call))
    } else {
        Answer::empty(StatusCode::NOT_FOUND).refused("the Arc agent has no such path")
    }
}

fn token(state: &State, call: &Call) -> Checked<Answer> {
    check_request(call)?;
    let resource = given(&call.query, "resource");
    let resource = resource.ok_or_else(|| {
        invalid_request("Required query variable 'resource' is missing", "the resource is missing")
    })?;
    if !call.has_header("authorization") {
        return Ok(challenge(state, "Missing Basic Authorization header"));
    }
    authenticate(state, call)?;
    let (identity, echoed) = choose(state, call)?;
    if !is_known(resource) {
        return Err(aadsts::unknown_resource(state, resource));
    }
    Ok(hand_out(state, identity, resource, |handout| success(call, handout, echoed)))
}

fn check_request(call: &Call) -> Checked {
    check_method(&call.method, &Method::GET, "the Arc agent takes GET alone")?;
    if let Some(header) = credential::stray(call, "authorization") {
        let why = format!("SECRET LEAKED: the header `{header}` was sent to the Arc agent");
        return Err(invalid_request("Unexpected header", why));
    }
    check_origin(call, "invalid_request")?;
    if let Some(why) = misnamed(&call.query, PARAMETERS) {
        return Err(invalid_request("Invalid query parameter", why));
    }
    match call.parameter("api-version") {
        Some(version) if VERSIONS.contains(&version) => Ok(()),
        Some(_) => {
            Err(invalid_request("The api-version is not supported", "the agent knows no such api-version"))
        }
        None => Err(invalid_request("The api-version is missing", "the api-version is missing")),
    }
}

/// The first half of the conversation: where the key lies. It is no error, so nothing is refused.
fn challenge(state: &State, text: &str) -> Answer {
    let answer = Answer::json(StatusCode::UNAUTHORIZED, &unauthorized(state, text));
    let trick = match state.faults.strike(Place::Challenge) {
        Some(Fault::NoChallenge) => return answer.scripted("a 401 without a challenge"),
        Some(Fault::BadChallenge) => {
            return answer.with("www-authenticate", "Basic realm").scripted("a challenge without a path");
        }
        Some(Fault::Key(trick)) => Some(trick),
        _ => None,
    };
    match state.agent.write_key(trick, state.now()) {
        Ok(path) => {
            let answer = answer.with("www-authenticate", &format!("Basic realm={path}"));
            match trick {
                Some(trick) => answer.scripted(trick.description()),
                None => answer,
            }
        }
        Err(error) => Answer::empty(StatusCode::INTERNAL_SERVER_ERROR)
            .refused(format!("the key file could not be written: {error}")),
    }
}

/// The second half: the content of the file, as it is.
fn authenticate(state: &State, call: &Call) -> Checked {
    let sent = call.header("authorization").and_then(|header| header.strip_prefix("Basic "));
    let outcome = sent.ok_or("Authorization is not `Basic` and the content of the key file".to_owned());
    let outcome = outcome.and_then(|key| state.agent.redeem(key, state.now()));
    outcome.map_err(|why| Box::new(challenge(state, "Invalid Basic Authorization header").refused(why)))
}

/// The identity, and whether it was asked for and is echoed.
fn choose(state: &State, call: &Call) -> Checked<(&'static Identity, bool)> {
    let selector = metadata_service::selector(call, SELECTORS)?;
    let old = selector.is_some() && state.faults.strike(Place::Selector) == Some(Fault::OldAgent);
    let selector = selector.filter(|_| !old);
    let chosen = Assigned::new(state.script.identities, &ARC_SERVER).choose(selector);
    chosen.map(|identity| (identity, selector.is_some())).map_err(|unchosen| match unchosen {
        Unchosen::Unknown => {
            invalid_request("Identity not found", "that identity is not assigned to the server")
        }
        Unchosen::NoneAssigned => invalid_request("Identity not found", "the server has no identity"),
        Unchosen::Ambiguous => invalid_request(
            "Identity not found",
            "the server has no system-assigned identity, and no other was named",
        ),
    })
}

/// A selector that was honoured comes back with the identity's own id; one that was not does not.
fn success(call: &Call, handout: &Handout<'_>, echoed: bool) -> Value {
    let mut body = strings(&handout.issued, handout.resource, handout.now);
    if echoed {
        echo(&mut body, call, SELECTORS, handout.identity);
    }
    body
}

fn unauthorized(state: &State, text: &str) -> Value {
    json!({
        "error": "unauthorized_client", "error_description": text, "error_codes": [401],
        "timestamp": date::spaced(state.now()), "trace_id": uuid::Uuid::new_v4().to_string(),
        "correlation_id": uuid::Uuid::new_v4().to_string(),
    })
}

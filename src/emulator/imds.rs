//! The instance metadata service, as far as identity goes.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::aadsts;
use super::answer::{Answer, Checked, check_method, either};
use super::call::{Call, duplicate, given, unknown};
use super::credential;
use super::directory::{AUTOMATION_ACCOUNT, Identity, MACHINE};
use super::handout::strings;
use super::issuer::{Issued, is_known};
use super::metadata_service::{self, check_origin, echo, invalid_request};
use super::script::{Fault, Place};
use super::selector::{Assigned, Kind, Unchosen};
use super::service::Service;
use super::state::State;

#[rustfmt::skip]
const VERSIONS: &[&str] = &[
    "2018-02-01", "2018-04-02", "2018-10-01", "2019-02-01", "2019-03-11", "2019-04-30", "2019-06-01",
    "2019-06-04", "2019-08-01", "2019-08-15", "2019-11-01", "2020-06-01", "2020-07-15", "2020-09-01",
    "2020-10-01", "2020-12-01", "2021-01-01", "2021-02-01", "2021-03-01", "2021-05-01", "2021-10-01",
    "2021-11-01", "2021-11-15", "2021-12-13",
];
const SELECTORS: &[(&str, Kind)] = &[
    ("client_id", Kind::Client),
    ("object_id", Kind::Object),
    ("msi_res_id", Kind::Resource),
    ("mi_res_id", Kind::Resource),
];
/// The last two change nothing here, but a request that carries them is not wrong.
const PARAMETERS: &[&str] = &[
    "api-version",
    "resource",
    "client_id",
    "object_id",
    "msi_res_id",
    "mi_res_id",
    "authority",
    "bypass_cache",
];

/// Whether a request is one of those of which a machine may send so many.
pub(crate) fn counts(service: Service, path: &str) -> bool {
    service == Service::Imds && path.to_ascii_lowercase().starts_with("/metadata/identity/")
}

pub(crate) fn answer(state: &State, call: &Call) -> Answer {
    let path = call.segments().join("/").to_ascii_lowercase();
    let answer = match (call.excess, path.as_str()) {
        (Some(excess), _) => too_many().refused(excess.description()),
        (None, "metadata/identity/oauth2/token") => either(token(state, call)),
        (None, "metadata/identity/info") => either(info(state, call)),
        _ => Answer::empty(StatusCode::NOT_FOUND).refused("IMDS has no such path"),
    };
    answer.with("server", "IMDS/150.870.65.1854")
}

fn token(state: &State, call: &Call) -> Checked<Answer> {
    check_request(call)?;
    let resource = resource(call)?;
    let fault = state.faults.strike(Place::Imds);
    if let Some(answer) = fault.and_then(struck) {
        return Ok(answer);
    }
    let identity = match fault {
        // An identity that this host does not have cannot be the one that was asked for.
        Some(Fault::OtherIdentity) => &AUTOMATION_ACCOUNT,
        _ => choose(state, call)?,
    };
    if !is_known(resource) {
        return Err(aadsts::unknown_resource(state, resource));
    }
    let now = state.seconds();
    let issued = state.issuer.issue(&state.script, identity, resource, now);
    let answer = Answer::json(StatusCode::OK, &success(call, identity, resource, &issued, now));
    Ok(match fault {
        Some(Fault::Reset) => answer.cut_short(),
        Some(Fault::OtherIdentity) => answer.scripted("the token is another identity's"),
        _ => answer,
    })
}

fn resource(call: &Call) -> Checked<&str> {
    if let Some(name) = unknown(&call.query, PARAMETERS) {
        return Err(invalid_request("Invalid query parameter", format!("IMDS knows no query name `{name}`")));
    }
    let resource = given(&call.query, "resource");
    let text = "Required query variable 'resource' is missing";
    resource.ok_or_else(|| invalid_request(text, "the resource is missing"))
}

fn info(state: &State, call: &Call) -> Checked<Answer> {
    check_request(call)?;
    Ok(Answer::json(StatusCode::OK, &json!({"tenantId": state.script.home.tenant})))
}

/// What holds for every path of the service.
fn check_request(call: &Call) -> Checked {
    check_method(&call.method, &Method::GET, "IMDS takes GET alone")?;
    if let Some(header) = credential::stray(call, "") {
        let why = format!("SECRET LEAKED: the header `{header}` was sent to IMDS, which must never see it");
        return Err(invalid_request("Unexpected header", why));
    }
    check_origin(call, "bad_request_102")?;
    if let Some(name) = duplicate(&call.query) {
        return Err(invalid_request("Duplicate query parameter", format!("the query names `{name}` twice")));
    }
    check_version(call.parameter("api-version"))
}

fn check_version(version: Option<&str>) -> Checked {
    let body =
        |text: &str| json!({"error": text, "newest-versions": ["2021-12-13", "2021-11-15", "2021-11-01"]});
    let (text, why) = match version {
        Some(version) if VERSIONS.contains(&version) => return Ok(()),
        Some(_) => ("Bad request. api-version is invalid", "IMDS knows no such api-version"),
        None => ("Bad request. api-version was not specified in the request", "api-version is missing"),
    };
    Err(Box::new(Answer::json(StatusCode::BAD_REQUEST, &body(text)).refused(why)))
}

/// Only the status is documented; how long to wait is left to the client.
fn too_many() -> Answer {
    Answer::json(StatusCode::TOO_MANY_REQUESTS, &json!({"error": "Too many requests"}))
}

pub(crate) fn busy() -> Answer {
    too_many().with("retry-after", "2").scripted("IMDS is busy")
}

fn struck(fault: Fault) -> Option<Answer> {
    Some(match fault {
        Fault::Updating => Answer::empty(StatusCode::GONE).scripted("IMDS is being updated"),
        Fault::Busy => busy(),
        Fault::Page => Answer::html(StatusCode::OK, "Welcome").scripted("a page of HTML instead of a token"),
        _ => return None,
    })
}

fn choose(state: &State, call: &Call) -> Checked<&'static Identity> {
    let selector = metadata_service::selector(call, SELECTORS)?;
    Assigned::new(state.script.identities, &MACHINE).choose(selector).map_err(|unchosen| match unchosen {
        Unchosen::Unknown => invalid_request("Identity not found", "that identity is not assigned to the host"),
        Unchosen::NoneAssigned => invalid_request("Identity not found", "the host has no identity"),
        Unchosen::Ambiguous => invalid_request(
            "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request",
            "several user-assigned identities, and none was named",
        ),
    })
}

/// All values are strings, the numbers too; the selector that was sent comes back with the identity's own id.
fn success(call: &Call, identity: &Identity, resource: &str, issued: &Issued, now: u64) -> Value {
    let mut body = strings(issued, resource, now);
    body["ext_expires_in"] = body["expires_in"].clone();
    echo(&mut body, call, SELECTORS, identity);
    body
}

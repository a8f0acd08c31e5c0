//! From a request to the service that answers it, and from the answer to the journal.

use http::StatusCode;

use super::answer::Answer;
use super::call::Call;
use super::journal::Entry;
use super::script::{Fault, Place};
use super::service::Service;
use super::state::State;
use super::{
    admin, app_service_2017, arc, authority, azure_ml, cloud_shell, container_instance, graph,
    identity_endpoint, imds, redact, service_fabric,
};

/// Answers a request and writes both into the journal.
pub(crate) async fn answer(state: &State, call: &Call, port: u16, version: String) -> Answer {
    state.rotate_federated_token();
    let answer = if names_this_port(&call.authority, port) {
        match platform_fault(state, call.service) {
            Some(Fault::Reset) => route(state, call).await.cut_short(),
            Some(fault) => Answer::in_its_way(fault).unwrap_or_else(imds::busy),
            None => route(state, call).await,
        }
    } else {
        Answer::empty(StatusCode::MISDIRECTED_REQUEST).refused("the Host header names another host")
    };
    let answer = answer.with("date", &httpdate::fmt_http_date(state.now()));
    record(state, call, version, &answer);
    answer
}

/// Writes a request and its answer into the journal.
pub(crate) fn record(state: &State, call: &Call, version: String, answer: &Answer) {
    state.journal.record(Entry {
        time: state.now(),
        service: call.service,
        scheme: call.scheme.name(),
        version,
        method: call.method.to_string(),
        target: redact::target(call),
        headers: redact::headers(&call.headers),
        status: answer.status.as_u16(),
        verdict: answer.verdict.clone(),
        invocation: answer.invocation.clone(),
    });
}

/// What strikes a request to an endpoint for tokens of this host, whichever it is.
fn platform_fault(state: &State, service: Service) -> Option<Fault> {
    match service {
        Service::Exchange | Service::Authority | Service::Graph => None,
        _ => state.faults.strike(Place::Platform),
    }
}

async fn route(state: &State, call: &Call) -> Answer {
    match call.service {
        Service::Imds => imds::answer(state, call),
        Service::IdentityEndpoint => identity_endpoint::answer(state, call),
        Service::Arc => arc::answer(state, call),
        Service::ServiceFabric => service_fabric::answer(state, call),
        Service::AzureMl => azure_ml::answer(state, call),
        Service::CloudShell => cloud_shell::answer(state, call),
        Service::AppService2017 => app_service_2017::answer(state, call),
        Service::ContainerInstance => container_instance::answer(state, call),
        Service::Authority => authority::answer(state, call),
        Service::Graph => graph::answer(state, call),
        Service::Exchange => admin::answer(state, call).await,
    }
}

/// A page that a browser fetched from elsewhere must not reach the emulator under a name of its own.
fn names_this_port(authority: &str, port: u16) -> bool {
    ["127.0.0.1", "localhost"].iter().any(|host| authority == format!("{host}:{port}"))
}

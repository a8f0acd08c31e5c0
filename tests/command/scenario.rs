//! Every scenario of the emulator, as its user meets it.

use std::time::Duration;

use exo_mi::emulator::{Scenario, Source};

use crate::harness::{assert_outcome, connect, exo_mi};

const ORG: &str = "--org contoso.onmicrosoft.com";

#[test]
fn every_scenario_ends_as_recorded() {
    let shown = |scenario: &&Scenario| {
        scenario.source().is_none_or(|source| source == Source::Imds) && !scenario.is_of_graph()
    };
    for scenario in Scenario::ALL.iter().filter(shown) {
        let extra = match scenario {
            Scenario::WrongTenant => "--verify-org ",
            _ => "",
        };
        let outcome = connect(&format!("{ORG} {extra}get-accepted-domain")).scenario(*scenario).run();
        assert_outcome!(format!("scenario-{}", scenario.name()), outcome);
    }
}

#[test]
fn exit_codes_are_exact() {
    for (scenario, exit) in [
        (Scenario::Healthy, 0),
        (Scenario::NoIdentity, 3),
        (Scenario::IdentityNotAssigned, 3),
        (Scenario::AmbiguousIdentity, 3),
        (Scenario::WrongIdentity, 3),
        (Scenario::NoAppRole, 4),
        (Scenario::NoDirectoryRole, 4),
        (Scenario::RoleGroupOnly, 0),
        (Scenario::Throttled, 0),
        (Scenario::Overloaded, 6),
        (Scenario::FlakyNetwork, 0),
        (Scenario::TruncatedPaging, 7),
        (Scenario::ErrorsIn200, 5),
        (Scenario::CmdletError, 5),
        (Scenario::Redirected, 6),
        (Scenario::StaleToken, 0),
    ] {
        let outcome = connect(&format!("{ORG} get-accepted-domain")).scenario(scenario).run();
        assert_eq!(outcome.exit, exit, "{scenario}: {}", outcome.stderr);
        // Windows PowerShell 5.1 takes every line on standard error for an error.
        assert!(exit != 0 || outcome.stderr.is_empty(), "{scenario}: {}", outcome.stderr);
    }
}

#[test]
fn the_identity_endpoints_give_the_same_result_as_imds() {
    let imds = connect(&format!("{ORG} get-accepted-domain")).run();
    for (source, name) in [(Source::IdentityEndpoint, "automation"), (Source::HybridWorker, "hybrid-worker")]
    {
        let outcome = connect(&format!("{ORG} get-accepted-domain"))
            .source(source)
            .variable("AUTOMATION_JOB_ID", "7")
            .run();
        assert_eq!(outcome.stdout, imds.stdout);
        assert_outcome!(format!("source-{name}"), outcome);
    }
}

#[test]
fn the_identity_endpoint_refuses_as_it_is_documented() {
    for scenario in [Scenario::NoIdentity, Scenario::IdentityNotAssigned, Scenario::WrongIdentity] {
        let outcome = connect(&format!("{ORG} get-accepted-domain"))
            .source(Source::IdentityEndpoint)
            .scenario(scenario)
            .run();
        assert_outcome!(format!("endpoint-{}", scenario.name()), outcome);
    }
}

#[test]
fn the_identity_header_never_reaches_imds() {
    let outcome = connect(&format!("{ORG} --identity-source imds get-accepted-domain"))
        .variable("IDENTITY_ENDPOINT", "http://127.0.0.1:1/")
        .variable("IDENTITY_HEADER", "do-not-tell")
        .run();
    // The emulator refuses a request to IMDS that carries the header.
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let names = outcome.requests.iter().flat_map(|entry| entry.headers.iter().map(|(name, _)| name.as_str()));
    assert!(!names.into_iter().any(|name| name.eq_ignore_ascii_case("x-identity-header")));
}

#[test]
fn the_waits_are_those_of_the_documentation() {
    let waits = |scenario| connect(&format!("{ORG} get-accepted-domain")).scenario(scenario).run().sleeps;
    assert_eq!(waits(Scenario::Throttled), [Duration::from_secs(1); 2]);
    assert_eq!(waits(Scenario::ImdsUpdating), [Duration::from_secs(10); 2]);
    assert_eq!(waits(Scenario::ImdsBusy)[0], Duration::from_secs(2));
    let overloaded = waits(Scenario::Overloaded);
    assert_eq!(overloaded.len(), 5, "{overloaded:?}");
    assert!(overloaded[4] >= Duration::from_secs(32), "{overloaded:?}");
}

#[test]
fn fewer_retries_are_made_where_the_user_wants_fewer() {
    let line = format!("{ORG} --max-retries 1 get-accepted-domain");
    let outcome = connect(&line).scenario(Scenario::Overloaded).run();
    assert_eq!((outcome.exit, outcome.sleeps.len()), (6, 1));
}

#[test]
fn a_deadline_ends_the_waiting() {
    let line = format!("{ORG} --timeout 5s get-accepted-domain");
    let outcome = connect(&line).scenario(Scenario::Overloaded).run();
    assert_outcome!("deadline", outcome);
    assert!(outcome.sleeps.iter().sum::<Duration>() < Duration::from_secs(5));
}

#[test]
fn a_user_assigned_identity_is_named_by_each_of_its_ids() {
    let reader = "44444444-4444-4444-8444-444444444444";
    let outcome = connect(&format!("{ORG} --client-id {reader} get-accepted-domain")).run();
    assert_outcome!("client-id", outcome);
}

#[test]
fn a_write_runs_once_and_a_write_in_doubt_is_not_sent_again() {
    let line = format!("{ORG} set-accepted-domain -Identity contoso.com -DomainType InternalRelay");
    let healthy = connect(&line).run();
    assert_eq!((healthy.exit, healthy.executions()), (0, 1), "{}", healthy.stderr);
    for scenario in [Scenario::Overloaded, Scenario::FlakyNetwork] {
        let outcome = connect(&line).scenario(scenario).run();
        assert_outcome!(format!("write-{}", scenario.name()), outcome);
        assert!(outcome.executions() <= 1);
    }
    let throttled = connect(&line).scenario(Scenario::Throttled).run();
    assert_eq!((throttled.exit, throttled.executions()), (0, 1), "{}", throttled.stderr);
}

/// What the lines of the log name, the requests carry.
#[test]
fn the_trace_of_the_caller_goes_on_to_an_emulator_in_the_same_process() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    let command = exo_mi(&format!("-vv connect {ORG} --emulate get-accepted-domain"));
    let outcome = command.variable("TRACEPARENT", &format!("00-{TRACE}-00f067aa0ba902b7-01")).run();
    let has = |text: &str| outcome.stderr.contains(&format!("{text}{TRACE}"));
    assert!(outcome.exit == 0 && has("trace_id=\"") && has("traceparent=\"00-"), "{outcome}");
}

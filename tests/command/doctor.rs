//! `exo-mi doctor`: for every scenario the right verdict, exit code and remedy, in text and in JSON.

use exo_mi::emulator::{Scenario, Source};
use serde_json::Value;

use crate::harness::{Command, assert_outcome, exo_mi};

const ORG: &str = "--org contoso.onmicrosoft.com";

fn doctor(scenario: Scenario, words: &str) -> Command {
    let source = scenario.source().unwrap_or(Source::Imds);
    let words = if source == Source::Certificate {
        format!("doctor {ORG} --app-id @app@ --certificate-file @unregistered-pem@ {words}")
    } else {
        format!("doctor {ORG} {words}")
    };
    exo_mi(&words).scenario(scenario).source(source)
}

/// The doctor asks nothing of Microsoft Graph.
fn scenarios() -> impl Iterator<Item = Scenario> {
    Scenario::ALL.iter().copied().filter(|scenario| !scenario.is_of_graph())
}

#[test]
fn every_scenario_has_its_verdict() {
    for scenario in scenarios() {
        assert_outcome!(format!("doctor-{scenario}"), doctor(scenario, "").run());
    }
}

#[test]
fn the_json_says_the_same_of_every_scenario() {
    for scenario in scenarios() {
        let outcome = doctor(scenario, "--format json").run();
        let report: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
        assert_eq!(report["exit_code"], outcome.exit, "{scenario}: {outcome}");
        let report = serde_json::to_string_pretty(&timeless(report)).expect("JSON");
        assert_outcome!(format!("doctor-json-{scenario}"), report);
    }
}

/// A report without its lengths of time: waits between attempts are scattered on purpose.
fn timeless(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let still = |name: &str| !name.ends_with("_ms");
            fields
                .into_iter()
                .filter(|(name, _)| still(name))
                .map(|(name, value)| (name, timeless(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(timeless).collect(),
        other => other,
    }
}

#[test]
fn a_cmdlet_can_be_asked_about() {
    let reader = "--client-id 44444444-4444-4444-8444-444444444444";
    for (cmdlet, exit) in [("get-mailbox", 0), ("set-mailbox", 4), ("get-frobs", 4)] {
        let outcome = doctor(Scenario::Healthy, &format!("{reader} --cmdlet {cmdlet}")).run();
        assert_eq!((outcome.exit, outcome.executions()), (exit, 1), "{outcome}");
    }
}

#[test]
fn nothing_but_the_trial_is_run() {
    let outcome = doctor(Scenario::Healthy, "--cmdlet remove-mailbox").run();
    let ran: Vec<_> = outcome.requests.iter().filter_map(|entry| entry.invocation.as_ref()).collect();
    assert!(ran.iter().all(|run| run.cmdlet == "Get-AcceptedDomain") && ran.len() == 1, "{outcome}");
}

#[test]
fn the_codes_of_a_plugin_are_its_own() {
    for (scenario, exit) in [(Scenario::RoleGroupOnly, 0), (Scenario::Healthy, 1), (Scenario::NoAppRole, 2)] {
        let outcome = doctor(scenario, "--format nagios").run();
        assert_eq!((outcome.exit, outcome.stdout.lines().count()), (exit, 1), "{outcome}");
    }
    for words in ["", "--nope", "--environment nope"] {
        let unknown = exo_mi(&format!("doctor --format nagios {words}")).without("EXO_MI_ORG").run();
        assert_eq!((unknown.exit, unknown.stderr.as_str()), (3, ""), "{unknown}");
        assert!(unknown.stdout.starts_with("EXO-MI UNKNOWN - "), "{unknown}");
    }
}

#[test]
fn permissions_are_waited_for() {
    let outcome = doctor(Scenario::LateGrant, "--wait-for-permissions 30m").run();
    assert_eq!((outcome.exit, outcome.sleeps.len()), (0, 4), "{outcome}");
    let outcome = doctor(Scenario::NoAppRole, "--wait-for-permissions 1m").run();
    assert_eq!((outcome.exit, outcome.sleeps.len()), (4, 2), "{outcome}");
}

#[test]
fn a_report_can_be_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("doctor.html");
    let outcome = doctor(Scenario::NoAppRole, &format!("--format html --out {}", file.display())).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (4, ""), "{outcome}");
    assert!(std::fs::read_to_string(file).expect("a page").contains("app-role"));
}

#[test]
fn a_bundle_holds_names_and_no_secrets() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bundle.json");
    let words = format!("--bundle {}", file.display());
    let command = doctor(Scenario::NoDirectoryRole, &words).source(Source::IdentityEndpoint);
    let outcome = command.variable("EXO_MI_ANYTHING", "a-value-of-the-environment").run();
    assert_eq!(outcome.exit, 4, "{outcome}");
    let text = std::fs::read_to_string(&file).expect("a bundle");
    for secret in ["eyJ", "a-value-of-the-environment", "Bearer "] {
        assert!(!text.contains(secret), "{secret}");
    }
    let bundle: Value = serde_json::from_str(&text).expect("JSON");
    let names = bundle["environment"].as_array().expect("names");
    assert!(names.iter().any(|name| name == "IDENTITY_HEADER"), "{names:?}");
    assert_eq!(bundle["report"]["verdict"], "failed");
    let log = bundle["log"].as_array().expect("a log");
    assert!(log.iter().any(|line| line["fields"]["message"] == "sending"), "{log:?}");
}

#[test]
fn mistakes_of_the_command_are_no_findings() {
    for words in ["doctor", "doctor --org contoso.onmicrosoft.com --format pdf", "doctor --org= "] {
        let outcome = exo_mi(words).without("EXO_MI_ORG").run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""), "{outcome}");
    }
    let outcome = doctor(Scenario::Healthy, "--bundle /nowhere/at/all.json").run();
    assert_eq!((outcome.exit, outcome.requests.len()), (1, 0), "{outcome}");
}

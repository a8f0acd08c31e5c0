//! Every source of tokens: the good case, and each of its documented failures.

use exo_mi::emulator::{Scenario, Source};

use crate::harness::{Command, Outcome, assert_outcome, connect};

const ORG: &str = "--org contoso.onmicrosoft.com";
const READER: &str = "44444444-4444-4444-8444-444444444444";

/// The host of a source. A container instance on Windows has to be named.
fn on(source: Source, words: &str) -> Command {
    let named = match source {
        Source::ContainerInstanceWindows => "--identity-source container-instance ",
        _ => "",
    };
    connect(&format!("{ORG} {named}{words}")).source(source)
}

/// The sources that come with the host.
const HOSTS: [Source; 6] = [
    Source::Arc,
    Source::ServiceFabric,
    Source::AzureMl,
    Source::AppService2017,
    Source::ContainerInstanceWindows,
    Source::WorkloadIdentity,
];

#[test]
fn every_source_takes_a_token_and_runs_a_cmdlet() {
    for source in HOSTS {
        let outcome = on(source, "get-accepted-domain").run();
        assert_outcome!(format!("source-{}", source.name()), outcome);
        assert_eq!((outcome.exit, outcome.stdout.lines().count()), (0, 5), "{outcome}");
    }
}

#[test]
fn every_failure_of_a_source_ends_as_recorded() {
    let of_its_own = Scenario::ALL.iter().filter_map(|scenario| Some((*scenario, scenario.source()?)));
    for (scenario, source) in of_its_own.filter(|(_, source)| HOSTS.contains(source)) {
        let outcome = on(source, "get-accepted-domain").scenario(scenario).run();
        assert_outcome!(format!("scenario-{scenario}"), outcome);
    }
}

#[test]
fn every_source_says_what_is_missing_in_the_same_way() {
    for source in HOSTS {
        for (scenario, exit) in
            [(Scenario::NoAppRole, 4), (Scenario::NoDirectoryRole, 4), (Scenario::StaleToken, 0)]
        {
            let outcome = on(source, "get-accepted-domain").scenario(scenario).run();
            assert_eq!(outcome.exit, exit, "{scenario} {outcome}");
        }
    }
}

#[test]
fn a_user_assigned_identity_is_named_as_each_source_knows_it() {
    let selected =
        |source, selector: &str| -> Outcome { on(source, &format!("{selector} get-accepted-domain")).run() };
    for source in [Source::Arc, Source::AzureMl, Source::AppService2017] {
        let outcome = selected(source, &format!("--client-id {READER}"));
        assert_eq!(outcome.exit, 0, "{outcome}");
    }
    for source in [Source::ServiceFabric, Source::ContainerInstanceWindows] {
        let outcome = selected(source, &format!("--client-id {READER}"));
        assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
    }
    let refused = selected(Source::AzureMl, &format!("--object-id {READER}"));
    assert_eq!((refused.exit, refused.requests.len()), (2, 0), "{refused}");
    assert_outcome!("selector-unsupported", refused);
}

#[test]
fn a_certificate_signs_in_from_every_kind_of_file() {
    for (name, options) in [
        ("pem", "--certificate-file @pem@"),
        ("pfx", "--certificate-file @pfx@ --certificate-password-file @password@"),
        ("legacy-pfx", "--certificate-file @legacy-pfx@ --certificate-password-file @password@"),
        ("encrypted-pem", "--certificate-file @encrypted-pem@ --certificate-password-file @password@"),
    ] {
        let outcome = on(Source::Certificate, &format!("--app-id @app@ {options} get-accepted-domain")).run();
        assert_eq!((outcome.exit, outcome.stdout.lines().count()), (0, 5), "{name}: {outcome}");
        assert_outcome!(format!("certificate-{name}"), outcome);
    }
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_before_anything_is_sent() {
    for (name, options) in [
        ("no-password", "--certificate-file @pfx@"),
        ("no-key-password", "--certificate-file @encrypted-pem@"),
        ("wrong-password", "--certificate-file @pfx@ --certificate-password-file @wrong-password@"),
        (
            "wrong-key-password",
            "--certificate-file @encrypted-pem@ --certificate-password-file @wrong-password@",
        ),
        ("no-certificate", "--certificate-file @password@"),
        ("no-file", "--certificate-file /nonexistent/x.pem"),
    ] {
        let outcome = on(Source::Certificate, &format!("--app-id @app@ {options} get-accepted-domain")).run();
        assert!(outcome.requests.is_empty(), "{name}: {outcome}");
        assert_outcome!(format!("bad-certificate-{name}"), outcome);
    }
    let malformed = on(Source::Certificate, "--app-id x --certificate-file @pem@ get-accepted-domain").run();
    assert_eq!((malformed.exit, malformed.requests.len()), (2, 0), "{malformed}");
}

#[test]
fn the_authority_says_why_it_refuses_a_certificate() {
    let line = "--app-id @app@ --certificate-file @unregistered-pem@ get-accepted-domain";
    assert_outcome!("certificate-unregistered", on(Source::Certificate, line).run());
    let unknown = format!("--app-id {READER} --certificate-file @pem@ get-accepted-domain");
    assert_outcome!("certificate-unknown-application", on(Source::Certificate, &unknown).run());
    let stranger =
        "--org nowhere.onmicrosoft.com --app-id @app@ --certificate-file @pem@ get-accepted-domain";
    assert_outcome!("certificate-unknown-organization", connect(stranger).source(Source::Certificate).run());
}

#[test]
fn a_token_that_is_brought_is_used_and_nothing_is_asked() {
    let outcome = on(Source::Certificate, "--access-token-file @token@ get-accepted-domain").run();
    assert_eq!((outcome.exit, outcome.stdout.lines().count()), (0, 5), "{outcome}");
    assert_outcome!("access-token", outcome);
    let empty = on(Source::Certificate, "--access-token-file - get-accepted-domain").run();
    assert_outcome!("access-token-empty", empty);
    let contradiction = "--identity-source imds --access-token-file - get-accepted-domain";
    assert_eq!(on(Source::Certificate, contradiction).run().exit, 2);
}

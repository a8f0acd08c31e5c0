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
const HOSTS: [Source; 5] = [
    Source::Arc,
    Source::ServiceFabric,
    Source::AzureMl,
    Source::AppService2017,
    Source::ContainerInstanceWindows,
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

//! `exo-mi grant` against the emulator's Microsoft Graph: what is found, what is changed, and what is said of it.

use std::time::Duration;

use exo_mi::clock::Clock;
use exo_mi::emulator::{Emulator, Options, Scenario};

use crate::harness::{Command, assert_outcome, beginning, connect, exo_mi};

/// The command, with a token of somebody who may grant.
fn grant(words: &str, role: &str) -> Command {
    exo_mi(&format!("grant --graph-token-file @graph-token@ {words} --role")).argument(role)
}

fn reader(words: &str) -> Command {
    grant(words, "Global Reader")
}

#[test]
fn every_scenario_of_graph_ends_as_recorded() {
    for scenario in Scenario::ALL.iter().copied().filter(|scenario| scenario.is_of_graph()) {
        let role =
            if scenario == Scenario::GraphStaleServer { "exchange administrator" } else { "global reader" };
        let outcome = grant("--name vm-exchange", role).scenario(scenario).run();
        assert_outcome!(format!("grant-{}", scenario.name()), outcome);
    }
}

#[test]
fn exit_codes_are_exact() {
    for (scenario, exit) in [
        (Scenario::Healthy, 0),
        (Scenario::GraphDenied, 4),
        (Scenario::GraphTokenRefused, 4),
        (Scenario::GraphNoExchange, 5),
        (Scenario::GraphThrottled, 0),
        (Scenario::GraphOverloaded, 6),
        (Scenario::GraphPaging, 0),
        (Scenario::GraphLostReply, 0),
        (Scenario::GraphLostWrite, 0),
        (Scenario::GraphReplication, 0),
        (Scenario::GraphSlowReplication, 0),
        (Scenario::GraphStaleServer, 0),
        (Scenario::GraphNewIdentity, 0),
    ] {
        let outcome = reader("--name vm-exchange").scenario(scenario).run();
        assert_eq!(outcome.exit, exit, "{scenario}: {outcome}");
    }
}

#[test]
fn the_identity_is_found_by_what_is_known_of_it() {
    for (name, words) in [
        ("client-id", "--client-id 33333333-3333-4333-8333-333333333333"),
        ("object-id", "--object-id a3333333-3333-4333-8333-333333333333"),
        ("name", "--name ID-EXCHANGE-OPERATOR"),
        ("namesake", "--name exchange-tools"),
        ("ambiguous", "--name ci-exchange"),
        ("unknown", "--name o'brien's-vm"),
        ("object-as-client", "--client-id a3333333-3333-4333-8333-333333333333"),
        ("client-as-object", "--object-id 33333333-3333-4333-8333-333333333333"),
        ("application", "--name exchange-pods"),
    ] {
        assert_outcome!(format!("grant-by-{name}"), reader(&format!("{words} --what-if")).run());
    }
}

#[test]
fn bad_input_is_named_and_nothing_is_sent() {
    let vm = "--name vm-exchange";
    for (name, command) in [
        ("nobody", reader("")),
        ("two", reader("--name x --client-id 1")),
        ("empty-name", reader("--name=")),
        ("two-lines", reader("").argument("--name=a\nrm -rf /")),
        ("no-guid", reader("--object-id 7")),
        ("no-role", exo_mi(&format!("grant {vm} --graph-token-file @graph-token@"))),
        ("unknown-role", grant(vm, "User Administrator")),
        ("near-role", grant(vm, "Global Raeder")),
        ("no-token", exo_mi(&format!("grant {vm} --role")).argument("Global Reader")),
        (
            "no-file",
            exo_mi(&format!("grant {vm} --graph-token-file /nonexistent --role")).argument("Global Reader"),
        ),
        (
            "no-text-token",
            exo_mi(&format!("grant {vm} --graph-token-file - --role"))
                .argument("Global Reader")
                .input("{\"accessToken\": 1}"),
        ),
        ("insecure", reader(&format!("{vm} --graph-uri http://graph.example.com"))),
        ("closed-cloud", reader(&format!("{vm} --environment O365GermanyCloud")).without("EXO_MI_GRAPH_URI")),
        ("raw", reader(&format!("{vm} -o raw"))),
        ("print-and-look", reader(&format!("{vm} --what-if --print az"))),
        (
            "print-elsewhere",
            exo_mi(&format!("grant {vm} --print powershell --graph-uri https://graph.example.com")),
        ),
    ] {
        let outcome = command.run();
        let sent = outcome.requests.iter().filter(|entry| entry.service.to_string() == "graph").count();
        assert_eq!(sent, 0, "{name}: {outcome}");
        assert!(outcome.stdout.is_empty(), "{name}: {outcome}");
        assert_outcome!(format!("bad-grant-{name}"), outcome);
    }
}

#[test]
fn looking_changes_nothing() {
    for (name, scenario, words) in [
        ("assign", Scenario::GraphPaging, "--what-if"),
        ("revoke", Scenario::Healthy, "--what-if --revoke"),
        ("revoke-nothing", Scenario::GraphPaging, "--what-if --revoke"),
    ] {
        let outcome = reader(&format!("--name vm-exchange {words}")).scenario(scenario).run();
        assert!(outcome.requests.iter().all(|entry| entry.method == "GET"), "{name}: {outcome}");
        assert_eq!(outcome.exit, 0, "{name}: {outcome}");
        assert_outcome!(format!("grant-what-if-{name}"), outcome);
    }
}

#[test]
fn exactly_the_two_grants_are_taken_away() {
    let outcome = grant("--name vm-exchange --revoke", "Exchange Administrator").run();
    assert_outcome!("grant-revoke", outcome);
    let nothing = reader("--name vm-exchange --revoke").scenario(Scenario::GraphPaging).run();
    assert_outcome!("grant-revoke-nothing", nothing);
    let lost = grant("--name vm-exchange --revoke", "Exchange Administrator");
    let lost = lost.scenario(Scenario::GraphLostReply).run();
    assert_eq!(lost.exit, 0, "{lost}");
}

#[test]
fn the_outcome_has_every_format_and_names_the_identity_in_full() {
    assert_outcome!("grant-json", reader("--name vm-exchange -o json").run());
    for format in ["list", "jsonl", "csv", "tsv", "yaml", "markdown", "none"] {
        let outcome = reader("--name vm-exchange").variable("EXO_MI_OUTPUT", format).run();
        assert_eq!(outcome.exit, 0, "{format}: {outcome}");
    }
    let quiet = reader("-q --name vm-exchange").run();
    assert_eq!((quiet.exit, quiet.stderr.as_str()), (0, ""));
}

#[test]
fn the_role_that_opens_everything_is_granted_with_a_warning() {
    assert_outcome!("grant-global-administrator", grant("--name vm-exchange", "Global Administrator").run());
}

#[test]
fn a_certificate_that_is_not_trusted_is_named_and_the_token_is_not_sent() {
    let outcome = reader("--name vm-exchange").without("EXO_MI_CA_FILE").run();
    assert_eq!((outcome.exit, outcome.requests.len(), outcome.sleeps.len()), (6, 0, 0), "{outcome}");
    assert!(outcome.stderr.contains("docs/errors.md#tls-untrusted"), "{outcome}");
}

#[test]
fn a_trial_needs_no_file() {
    let outcome = exo_mi("grant --emulate --name vm-exchange --role").argument("Global Reader").run();
    assert_eq!((outcome.exit, outcome.requests.len()), (0, 0), "{outcome}");
    assert!(outcome.stdout.contains("Global Reader        assigned"), "{outcome}");
}

#[test]
fn waiting_for_a_change_to_show_has_an_end() {
    let waited = |scenario, words: &str| {
        reader(&format!("--name vm-exchange {words}")).scenario(scenario).run().sleeps
    };
    let seconds = |waits: &[u64]| waits.iter().copied().map(Duration::from_secs).collect::<Vec<_>>();
    assert_eq!(waited(Scenario::GraphReplication, ""), seconds(&[1, 2, 4, 8, 1, 2, 4, 8]));
    assert_eq!(waited(Scenario::GraphSlowReplication, ""), seconds(&[1, 2, 4, 8, 15, 1, 2, 4, 8, 15]));
    assert_eq!(waited(Scenario::GraphSlowReplication, "--timeout 5s"), seconds(&[1, 2, 1]));
    assert_eq!(waited(Scenario::GraphThrottled, ""), seconds(&[3, 3]));
}

#[test]
fn what_is_granted_opens_exchange_once_azure_hands_out_another_token() {
    for scenario in [Scenario::NoAppRole, Scenario::NoDirectoryRole, Scenario::GraphPaging] {
        let clock = Clock::simulated(beginning());
        let options = Options { scenario, clock: clock.clone(), ..Options::default() };
        let emulator = Emulator::start(options).expect("the emulator starts");
        let run = |command: Command| command.within(&emulator, &clock, &[]);
        let domains = |client: &str| {
            run(connect(&format!("--org contoso.onmicrosoft.com {client} get-accepted-domain"))).exit
        };
        let operator = "--client-id 33333333-3333-4333-8333-333333333333";
        assert_eq!(domains(""), 4, "{scenario}");
        for name in ["vm-exchange", "id-exchange-operator"] {
            let granted = run(reader(&format!("--name {name}")));
            assert_eq!(granted.exit, 0, "{scenario}: {granted}");
            let again = run(reader(&format!("--name {name}")));
            assert_eq!(again.stdout.matches("already there").count(), 2, "{scenario}: {again}");
            assert_eq!(again.stderr, "", "{scenario}: nothing was changed");
        }
        // The identity that had taken a token keeps it for a day; the one that had not gets what it was granted.
        assert_eq!((domains(""), domains(operator)), (4, 0), "{scenario}");
        clock_passes_a_day(&clock);
        assert_eq!(domains(""), 0, "{scenario}");
        let revoked = run(reader("--name vm-exchange --revoke"));
        assert_eq!(revoked.stdout.matches("removed").count(), 2, "{scenario}: {revoked}");
        clock_passes_a_day(&clock);
        assert_eq!(domains(""), 4, "{scenario}");
    }
}

fn clock_passes_a_day(clock: &Clock) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(clock.sleep(Duration::from_secs(86_400)));
}

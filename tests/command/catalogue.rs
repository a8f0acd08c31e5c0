//! `exo-mi cmdlets`: from the catalogue alone.

use exo_mi::emulator::Scenario;

use crate::harness::{assert_outcome, connect, exo_mi};

#[test]
fn cmdlets_are_listed_and_described_and_nothing_is_sent() {
    for (name, words) in [
        ("list", "cmdlets accepteddomain"),
        ("glob", "cmdlets *-accepted-d?main -o csv"),
        ("one", "cmdlets set-accepted-domain"),
        ("one-json", "cmdlets get-accepted-domain -o json"),
        ("none", "cmdlets get-accepted-domian"),
    ] {
        let outcome = exo_mi(words).run();
        assert!(outcome.requests.is_empty(), "{name}: {outcome}");
        assert_eq!(outcome.exit, u8::from(name == "none"), "{name}: {outcome}");
        assert_outcome!(format!("cmdlets-{name}"), outcome);
    }
}

#[test]
fn every_format_takes_every_cmdlet() {
    for format in ["table", "list", "json", "jsonl", "csv", "none"] {
        let outcome = exo_mi("cmdlets").variable("EXO_MI_OUTPUT", format).run();
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{format}");
    }
    assert_eq!(exo_mi("cmdlets").variable("EXO_MI_OUTPUT", "pdf").run().exit, 2);
}

#[test]
fn parameters_reach_the_service_as_its_strict_double_wants_them() {
    let org = "--org contoso.onmicrosoft.com";
    for words in [
        "get-mailbox -Ident adele.vance -ErrorAction Stop -Verbose",
        "get-mailbox -ResultSize unlimited",
        "set-accepted-domain contoso.com -DomainType internalrelay",
    ] {
        let outcome = connect(&format!("{org} {words}")).run();
        assert_eq!(outcome.exit, 0, "{words}: {outcome}");
    }
}

#[test]
fn what_the_identity_may_run_is_asked_of_the_service() {
    let available =
        |words: &str| exo_mi(&format!("cmdlets --available --org contoso.onmicrosoft.com {words}"));
    assert_outcome!("cmdlets-available", available("accepted-domain").run());
    let json: serde_json::Value = serde_json::from_str(&available("-o json").run().stdout).expect("JSON");
    assert!(json.as_array().is_some_and(|rows| rows.len() > 7), "{json}");
    assert_outcome!("cmdlets-available-none", available("get-frobs").run());
    let refused = available("").scenario(Scenario::NoDirectoryRole).run();
    assert_eq!(refused.exit, 4, "{refused}");
    assert!(refused.stderr.contains("isn't supported in this scenario"), "{refused}");
}

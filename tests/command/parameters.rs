//! Every parameter of every cmdlet that the emulator knows, written as a user writes it: the client's catalogue and the
//! emulator's tables were made apart, and here they must agree.

use serde_json::{Value, json};

use crate::harness::{Command, Outcome, connect};

const TABLE: &str = include_str!("../../fixtures/tenant/parameters.tsv");

/// Any file will do where bytes are sent.
const FILE: &str = concat!("@", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");

/// Cmdlets with their parameters: name and kind.
fn cmdlets() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let mut cmdlets: Vec<(&str, Vec<_>)> = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let [cmdlet, kind, names] = line.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
        if !cmdlet.is_empty() {
            cmdlets.push((cmdlet, Vec::new()));
        }
        let known = &mut cmdlets.last_mut().expect("a cmdlet").1;
        known.extend(names.split(' ').map(|name| (name.trim_end_matches('!'), kind)));
    }
    cmdlets
}

/// A value as it is written for a kind. A secret cannot be sent, and nobody is asked for anything.
fn value<'k>(name: &str, kind: &'k str) -> Option<&'k str> {
    Some(match kind {
        "secret" => return None,
        _ if name == "Confirm" => return None,
        "switch" => "",
        "boolean" => "$true",
        "integer" | "count" => "5",
        "size" => "50 MB",
        "span" => "14.00:00:00",
        "duration" => "365",
        "date" => "2026-12-31T23:59:59+01:00",
        "list" => "a,b",
        "collection" => "@{Add='a','b'; Remove='c'}",
        _ if kind.starts_with("collection of ") => return kind.rsplit(',').next(),
        "table" => "@{de='a'; fr='b'}",
        "tables" => "@(@{Name='a'},@{Name='b'})",
        "bytes" => FILE,
        "filter" => "Name -eq 'x' -and IsValid -eq $true",
        _ => match kind.split_once(" of ") {
            Some((_, members)) => members.split(',').next_back().unwrap_or_default(),
            None => "007",
        },
    })
}

fn with(command: Command, name: &str, kind: &str) -> Command {
    match value(name, kind) {
        None => command,
        Some("") => command.argument(&format!("-{name}")),
        Some(value) => command.argument(&format!("-{name}")).argument(value),
    }
}

/// What the emulator says against the form of a call, if anything.
fn objection(outcome: &Outcome) -> Option<String> {
    let line = outcome.requests.last()?.to_string();
    ["does not fit", "has no parameter", "no CmdletInput", "needs the parameter"]
        .iter()
        .any(|reason| line.contains(reason))
        .then_some(line)
}

#[test]
fn every_parameter_travels_in_its_form() {
    let mut wrong = Vec::new();
    for (cmdlet, parameters) in cmdlets() {
        let command = connect(&format!("--org contoso.onmicrosoft.com --yes {cmdlet}"));
        let command = parameters.iter().fold(command, |command, (name, kind)| with(command, name, kind));
        let outcome = command.run();
        let asked = outcome.requests.iter().any(|entry| entry.invocation.is_some());
        if let Some(line) = objection(&outcome) {
            wrong.push(format!("{cmdlet}: {line}"));
        } else if !asked {
            wrong.push(format!("{cmdlet}: {}", outcome.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_written_is_sent_as_recorded_and_taken() {
    let table = "#Exchange.GenericHashTable";
    for (cmdlet, name, written, sent) in [
        ("get-mailbox", "Archive", "", json!(true)),
        ("get-mailbox", "Archive:$false", "", json!(false)),
        ("get-mailbox", "ResultSize", "unlimited", json!("Unlimited")),
        ("get-mailbox", "Filter", "IsDirSynced -eq $false", json!("IsDirSynced -eq 'False'")),
        (
            "get-mailbox",
            "RecipientTypeDetails",
            "UserMailbox,SharedMailbox",
            json!(["UserMailbox", "SharedMailbox"]),
        ),
        ("set-mailbox adele.vance", "HiddenFromAddressListsEnabled", "true", json!(true)),
        ("set-mailbox adele.vance", "DisplayName", "Vance, Adele", json!("Vance, Adele")),
        ("set-mailbox adele.vance", "Office", "007", json!("007")),
        ("set-mailbox adele.vance", "ForwardingSmtpAddress", "$null", json!(null)),
        ("set-mailbox adele.vance", "ProhibitSendQuota", "49.5 GB", json!("49.5 GB")),
        ("set-mailbox adele.vance", "RetainDeletedItemsFor", "30.00:00:00", json!("30.00:00:00")),
        ("set-mailbox adele.vance", "LitigationHoldDuration", "Unlimited", json!("Unlimited")),
        (
            "set-mailbox adele.vance",
            "EmailAddresses",
            "a@contoso.com,b@contoso.com",
            json!(["a@contoso.com", "b@contoso.com"]),
        ),
        (
            "set-mailbox adele.vance",
            "EmailAddresses",
            "@{Add='smtp:a@contoso.com'; Remove='smtp:b@contoso.com','smtp:c@contoso.com'}",
            json!({"@odata.type": table, "Add": ["smtp:a@contoso.com"], "Remove": ["smtp:b@contoso.com", "smtp:c@contoso.com"]}),
        ),
        ("set-mailbox adele.vance", "GrantSendOnBehalfTo", "$null", json!({"@odata.type": table})),
        ("set-mailbox adele.vance", "GrantSendOnBehalfTo", "@()", json!({"@odata.type": table})),
        ("set-mailbox adele.vance", "AuditOwner", "Move,HardDelete", json!(["Move", "HardDelete"])),
        ("set-transport-rule Disclaimer", "Priority", "1", json!(1)),
        ("set-transport-rule Disclaimer", "SCLOver", "5", json!("5")),
        ("set-remote-domain Default", "AllowedOOFType", "external", json!("external")),
    ] {
        let command = connect(&format!("--org contoso.onmicrosoft.com {cmdlet} -{name}"));
        let command = if written.is_empty() { command } else { command.argument(written) };
        let outcome = command.run();
        assert_eq!(outcome.exit, 0, "{outcome}");
        let parameters: Value = serde_json::from_str(&parameters(&outcome)).expect("JSON");
        let name = name.split(':').next().unwrap_or_default();
        assert_eq!(parameters[name], sent, "{name} {written}");
    }
}

#[test]
fn a_list_of_hashtables_says_so_beside_itself() {
    let words =
        "--org contoso.onmicrosoft.com set-transport-rule Disclaimer -MessageContainsDataClassifications";
    let outcome = connect(words).argument("@{Name='Credit Card Number'; minCount=2}").run();
    assert_eq!(outcome.exit, 0, "{outcome}");
    let parameters: Value = serde_json::from_str(&parameters(&outcome)).expect("JSON");
    assert_eq!(
        parameters["MessageContainsDataClassifications@odata.type"],
        "#Collection(Exchange.GenericHashTable)"
    );
    let table =
        json!({"@odata.type": "#Exchange.GenericHashTable", "Name": "Credit Card Number", "minCount": 2});
    assert_eq!(parameters["MessageContainsDataClassifications"], json!([table]));
}

/// The parameters of the last call, as the emulator read them.
fn parameters(outcome: &Outcome) -> String {
    let last = outcome.requests.iter().rev().find_map(|entry| entry.invocation.as_ref());
    last.map(|invocation| invocation.parameters.clone()).unwrap_or_default()
}

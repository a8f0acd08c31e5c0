//! `--wait-for-permissions`: trying again until a grant has arrived.

use std::time::Duration;

use exo_mi::emulator::Scenario;

use crate::harness::{assert_outcome, connect};

const ORG: &str = "--org contoso.onmicrosoft.com";

#[test]
fn a_grant_that_is_on_its_way_is_waited_for() {
    let words = format!("{ORG} --wait-for-permissions 30m -o csv --columns Name get-accepted-domain");
    let outcome = connect(&words).scenario(Scenario::LateGrant).run();
    assert_eq!(outcome.sleeps, [Duration::from_secs(30); 4], "{outcome}");
    assert_outcome!("waited-for-permissions", outcome);
}

#[test]
fn a_quiet_command_waits_without_a_word() {
    let words = format!("-q {ORG} --wait-for-permissions 30m -o none get-accepted-domain");
    let outcome = connect(&words).scenario(Scenario::LateGrant).run();
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{outcome}");
}

#[test]
fn patience_has_an_end() {
    for scenario in [Scenario::NoAppRole, Scenario::NoDirectoryRole] {
        let words = format!("{ORG} --wait-for-permissions 3m get-accepted-domain");
        let outcome = connect(&words).scenario(scenario).run();
        assert_eq!((outcome.exit, outcome.sleeps.len()), (4, 6), "{outcome}");
        let notes = outcome.stderr.matches("waiting for permissions").count();
        assert_eq!(notes, 3, "{outcome}");
    }
}

#[test]
fn nothing_else_is_waited_for() {
    for (scenario, exit) in
        [(Scenario::CmdletError, 5), (Scenario::WrongTenant, 4), (Scenario::NoIdentity, 3)]
    {
        let verify = if scenario == Scenario::WrongTenant { "--verify-org" } else { "" };
        let words = format!("{ORG} {verify} --wait-for-permissions 30m get-accepted-domain");
        let outcome = connect(&words).scenario(scenario).run();
        assert_eq!((outcome.exit, outcome.stderr.contains("waiting")), (exit, false), "{outcome}");
    }
    let outcome = connect(&format!("{ORG} --wait-for-permissions soon get-accepted-domain")).run();
    assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
}

#[test]
fn a_write_that_was_denied_is_written_once() {
    let words = format!("{ORG} --wait-for-permissions 30m set-mailbox adele.vance@contoso.com -Office 12");
    let outcome = connect(&words).scenario(Scenario::LateGrant).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 1), "{outcome}");
    let words = format!("{ORG} --wait-for-permissions 30m set-mailbox -Identity - -Office 12");
    let input = "adele.vance@contoso.com\nalex.wilber@contoso.com\n";
    let outcome = connect(&words).scenario(Scenario::LateGrant).input(input).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 2), "{outcome}");
}

#[test]
fn a_question_is_waited_for_as_well() {
    let words = format!(
        "{ORG} --wait-for-permissions 30m remove-distribution-group finance.approvers@contoso.com -WhatIf"
    );
    let outcome = connect(&words).scenario(Scenario::LateGrant).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 0), "{outcome}");
    assert!(outcome.stdout.starts_with("What if: "), "{outcome}");
}

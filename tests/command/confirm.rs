//! Cmdlets that ask first, and those that only say what they would do.

use crate::harness::{Command, assert_outcome, connect};

const REMOVE: &str = "remove-distribution-group finance.approvers@contoso.com";

fn removal(before: &str, after: &str) -> Command {
    connect(&format!("--org contoso.onmicrosoft.com {before} {REMOVE} {after}"))
}

#[test]
fn what_would_happen_is_said_and_nothing_happens() {
    for after in ["-WhatIf", "-wi", "--what-if", "-WhatIf -Confirm:$false"] {
        let outcome = removal("", after).run();
        assert_eq!((outcome.exit, outcome.executions()), (0, 0), "{after}: {outcome}");
        assert!(outcome.stdout.starts_with("What if: "), "{after}: {outcome}");
    }
    assert_outcome!("what-if", removal("", "-WhatIf").run());
}

#[test]
fn what_would_happen_can_be_kept_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("what.txt");
    let outcome = removal(&format!("--out {}", file.display()), "-WhatIf").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""), "{outcome}");
    assert!(std::fs::read_to_string(file).expect("a file").starts_with("What if: "));
}

#[test]
fn a_person_is_asked_and_only_a_yes_is_one() {
    for (answer, executions) in [("y\n", 1), ("YES\r\n", 1), ("n\n", 0), ("\n", 0), ("", 0), ("yess\n", 0)] {
        let outcome = removal("", "").answering(answer).run();
        assert_eq!((outcome.exit, outcome.executions()), (0, executions), "{answer:?}: {outcome}");
        assert!(outcome.stderr.contains("Continue? [y/N]"), "{answer:?}: {outcome}");
    }
    assert_outcome!("confirmed", removal("", "").answering("y\n").run());
    assert_outcome!("declined", removal("", "").answering("n\n").run());
}

#[test]
fn nobody_is_asked_who_has_answered_before() {
    for (before, after) in [("--yes", ""), ("", "-Confirm:$false"), ("--yes", "-Confirm")] {
        let outcome = removal(before, after).answering("n\n").run();
        assert_eq!((outcome.exit, outcome.executions()), (0, 1), "{before} {after}: {outcome}");
        assert_eq!(outcome.stderr, "", "{before} {after}: {outcome}");
    }
}

#[test]
fn who_wants_to_be_asked_is_asked_by_any_cmdlet_that_can() {
    let words = "--org contoso.onmicrosoft.com set-accepted-domain contoso.com -DomainType internalrelay";
    let asked = connect(&format!("{words} -Confirm")).answering("n\n").run();
    assert_eq!((asked.exit, asked.executions()), (0, 0), "{asked}");
    let unasked = connect(words).answering("n\n").run();
    assert_eq!((unasked.exit, unasked.executions()), (0, 1), "{unasked}");
    // Nobody is there: the cmdlet would be carried out, or wait for ever.
    let alone = connect(&format!("{words} -Confirm")).run();
    assert_eq!((alone.exit, alone.requests.len()), (2, 0), "{alone}");
}

#[test]
fn an_object_that_is_not_there_is_found_by_the_removal_itself() {
    let words = "--org contoso.onmicrosoft.com --yes remove-distribution-group nobody@contoso.com";
    let outcome = connect(words).run();
    assert_eq!((outcome.exit, outcome.executions()), (5, 0), "{outcome}");
}

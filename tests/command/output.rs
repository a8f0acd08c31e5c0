//! Formats, paging and files.

use exo_mi::emulator::Scenario;

use crate::harness::{assert_outcome, connect};

const ORG: &str = "--org contoso.onmicrosoft.com";

#[test]
fn every_format_is_as_recorded() {
    for format in ["table", "list", "json", "jsonl", "csv", "none"] {
        let outcome = connect(&format!("{ORG} -o {format} get-accepted-domain -Identity contoso.com")).run();
        assert_outcome!(format!("format-{format}"), outcome);
    }
}

#[test]
fn the_format_may_stand_after_the_cmdlet_or_in_a_variable() {
    let before = connect(&format!("{ORG} -o jsonl get-accepted-domain")).run().stdout;
    assert_eq!(connect(&format!("{ORG} get-accepted-domain -o jsonl")).run().stdout, before);
    let variable = connect(&format!("{ORG} get-accepted-domain")).variable("EXO_MI_OUTPUT", "jsonl");
    assert_eq!(variable.run().stdout, before);
}

#[test]
fn a_cmdlet_without_a_view_is_shown_as_a_list() {
    let outcome = connect(&format!("{ORG} get-organization-config")).run();
    assert_outcome!("list-fallback", outcome);
}

#[test]
fn without_a_cmdlet_the_connection_is_shown() {
    assert_outcome!("connection-information", connect(ORG).run());
}

#[test]
fn a_narrow_terminal_hides_columns_and_says_which() {
    assert_outcome!("narrow-terminal", connect(&format!("{ORG} get-accepted-domain")).terminal(61).run());
}

#[test]
fn hostile_text_does_not_reach_the_terminal() {
    let hostile = |c: char| {
        c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for format in ["table", "list", "csv", "json", "jsonl"] {
        let command = connect(&format!("{ORG} -o {format} get-mailbox")).mailboxes(12);
        let outcome = command.scenario(Scenario::HostileText).run();
        let mut all = outcome.stdout.clone() + &outcome.stderr;
        if format == "csv" {
            // A line end and a tab inside a quoted cell are data, as they were sent.
            all = all.replace("\r\n", "\n").replace('\t', " ");
        }
        let found: Vec<char> = all.chars().filter(|c| hostile(*c)).collect();
        assert!(outcome.exit == 0 && found.is_empty(), "{format}: {found:?}");
    }
    let list = connect(&format!("{ORG} -o list get-mailbox")).scenario(Scenario::HostileText).run();
    let names: String =
        list.stdout.lines().filter(|line| line.starts_with("DisplayName ")).collect::<Vec<_>>().join("\n");
    assert_outcome!("hostile-text", names);
}

#[test]
fn pages_are_fetched_until_enough_is_there_and_no_further() {
    let pages = |line: &str| {
        let outcome = connect(&format!("{ORG} --page-size 20 -o jsonl {line}")).mailboxes(50).run();
        (outcome.stdout.lines().count(), outcome.executions(), outcome.stderr, outcome.exit)
    };
    let more = "warning: There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.\n";
    assert_eq!(pages("get-mailbox -ResultSize 30"), (30, 2, more.to_owned(), 0));
    assert_eq!(pages("get-mailbox -ResultSize Unlimited"), (50, 3, String::new(), 0));
    assert_eq!(pages("get-mailbox -ResultSize 3"), (3, 1, more.to_owned(), 0));
}

#[test]
fn without_a_result_size_a_thousand_objects_come_and_a_warning_that_there_are_more() {
    let outcome = connect(&format!("{ORG} -o none get-mailbox")).mailboxes(1001).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 1));
    assert!(outcome.stderr.starts_with("warning: There are more results available"), "{}", outcome.stderr);
}

#[test]
fn a_file_appears_when_it_is_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("domains.csv");
    let line = format!("{ORG} -o csv --out {} get-accepted-domain", path.display());
    let outcome = connect(&line).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
    assert_eq!(std::fs::read_to_string(&path).expect("the file").lines().count(), 4);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing else is left");
}

#[test]
fn an_incomplete_result_is_kept_beside_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("domains.csv");
    let line = format!("{ORG} -o csv --out {} get-accepted-domain", path.display());
    let outcome = connect(&line).scenario(Scenario::TruncatedPaging).run();
    assert_eq!(outcome.exit, 7);
    assert!(!path.exists());
    let partial = std::fs::read_to_string(folder.path().join("domains.csv.partial")).expect("the rest");
    assert_eq!(partial.lines().count(), 3);
    assert!(outcome.stderr.contains("domains.csv.partial"), "{}", outcome.stderr);
}

#[test]
fn a_failed_command_leaves_no_file_and_no_brackets() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("domains.json");
    let line = format!("{ORG} -o json --out {} get-accepted-domain", path.display());
    assert_eq!(connect(&line).scenario(Scenario::NoAppRole).run().exit, 4);
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
    let outcome = connect(&format!("{ORG} -o json get-accepted-domain")).scenario(Scenario::NoAppRole).run();
    assert_eq!(outcome.stdout, "");
}

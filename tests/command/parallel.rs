//! Many requests at once, and lists that several machines share.

use std::collections::BTreeSet;
use std::path::Path;

use crate::harness::{Command, connect};
use exo_mi::emulator::Scenario;

fn with(before: &str) -> Command {
    connect(&format!("--org contoso.onmicrosoft.com -o csv --columns PrimarySmtpAddress {before}"))
}

/// The addresses of so many mailboxes, as the emulator names them.
fn addresses(count: usize) -> Vec<String> {
    let listed = with("--no-headers get-mailbox -ResultSize Unlimited").mailboxes(count).run();
    let lines: Vec<String> = listed.stdout.lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), count, "{listed}");
    lines
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

#[test]
fn many_at_once_give_what_one_by_one_gives() {
    let list = addresses(95);
    let run = |options: &str| {
        let words = format!("{options} get-mailbox -Identity -");
        with(&words).mailboxes(95).input(&list.join("\n")).run()
    };
    let one_by_one = run("");
    let at_once = run("--parallel 4");
    assert_eq!((at_once.exit, at_once.stderr.as_str()), (0, ""), "{at_once}");
    assert_eq!(at_once.stdout, one_by_one.stdout);
    assert_eq!(
        (at_once.calls("/metadata/identity"), at_once.calls("$batch -> 200 ok")),
        (1, 11),
        "{at_once}"
    );
    let unordered = run("--parallel 4 --unordered");
    let sorted = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!((unordered.exit, unordered.stdout.lines().count()), (0, 96), "{unordered}");
    assert_eq!(sorted(&unordered.stdout), sorted(&one_by_one.stdout));
}

#[test]
fn what_cannot_travel_together_travels_beside_each_other() {
    let list = addresses(12);
    let words = "--parallel 3 get-exo-mailbox -Identity -";
    let outcome = with(words).mailboxes(12).input(&list.join("\n")).run();
    assert_eq!((outcome.exit, outcome.calls("$batch")), (0, 0), "{outcome}");
    assert_eq!(outcome.stdout, format!("PrimarySmtpAddress\n{}\n", list.join("\n")), "{outcome}");
}

#[test]
fn faults_that_go_away_leave_no_trace_in_the_result() {
    let list = addresses(40);
    for scenario in [Scenario::Throttled, Scenario::OverloadException, Scenario::StaleToken] {
        let words = "--parallel 4 get-mailbox -Identity -";
        let outcome = with(words).scenario(scenario).mailboxes(40).input(&list.join("\n")).run();
        assert_eq!(outcome.exit, 0, "{scenario}: {outcome}");
        assert_eq!(outcome.stdout, format!("PrimarySmtpAddress\n{}\n", list.join("\n")), "{scenario}");
        let tokens = if scenario == Scenario::StaleToken { 2 } else { 1 };
        assert_eq!(outcome.calls("/metadata/identity"), tokens, "{scenario}: {outcome}");
    }
}

#[test]
fn identities_that_fail_go_to_a_file_and_their_number_to_standard_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("errors.jsonl");
    std::fs::write(&file, "what an earlier run said\n").expect("written");
    let words = format!("--parallel 2 --errors {} get-mailbox -Identity -", file.display());
    let input = "adele.vance@contoso.com\nnobody@contoso.com\nno\u{1b}one\nalex.wilber@contoso.com\n";
    let outcome = with(&words).input(input).run();
    let expected = "PrimarySmtpAddress\nadele.vance@contoso.com\nalex.wilber@contoso.com\n";
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (5, expected), "{outcome}");
    let note =
        format!("note: 2 identities failed, each with its reason in {}: 2 cmdlet-failed\n", file.display());
    assert_eq!(outcome.stderr, note);
    let lines: Vec<serde_json::Value> =
        text(&file).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((&lines[0]["identity"], &lines[0]["line"]), (&"nobody@contoso.com".into(), &2.into()));
    assert_eq!((&lines[0]["kind"], &lines[0]["code"]), (&"cmdlet".into(), &"cmdlet-failed".into()));
    assert_eq!(lines[1]["identity"], "no\u{1b}one");
    assert!(!text(&file).contains('\u{1b}'), "{}", text(&file));
    #[cfg(unix)]
    {
        // The file was there, so that its rights are its owner's affair; a new one is its owner's alone.
        use std::os::unix::fs::PermissionsExt;
        std::fs::remove_file(&file).expect("removed");
        let good = with(&words).input("adele.vance@contoso.com\n").run();
        assert_eq!((good.exit, good.stderr.as_str(), text(&file).as_str()), (0, "", ""), "{good}");
        let mode = file.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn machines_share_a_list_without_a_word_to_each_other() {
    let list = addresses(60);
    let mut all = Vec::new();
    for index in 1..=3 {
        let words = format!("--no-headers --shard {index}/3 get-mailbox -Identity -");
        let outcome = with(&words).mailboxes(60).input(&list.join("\n")).run();
        assert_eq!(outcome.exit, 0, "{outcome}");
        let part: Vec<String> = outcome.stdout.lines().map(str::to_owned).collect();
        assert!((10..=30).contains(&part.len()), "{}", part.len());
        let in_order: Vec<_> = list.iter().filter(|address| part.contains(address)).cloned().collect();
        assert_eq!(part, in_order);
        all.extend(part);
    }
    assert_eq!(all.len(), 60);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), list.into_iter().collect());
}

#[test]
fn a_part_without_an_identity_is_an_empty_result() {
    let outcome = with("--shard 1/1000 get-mailbox -Identity -").input("adele.vance@contoso.com\n").run();
    assert_eq!((outcome.exit, outcome.calls("$batch")), (0, 0), "{outcome}");
}

#[test]
fn what_concerns_many_identities_means_nothing_without_them() {
    for option in ["--parallel 2", "--unordered", "--shard 1/2", "--errors x", "--progress", "--progress=9"] {
        for words in ["get-accepted-domain", ""] {
            let outcome = with(&format!("{option} {words}")).input("get-accepted-domain\n").run();
            assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{option}: {outcome}");
            assert!(outcome.stderr.contains("is for identities on standard input"), "{outcome}");
        }
    }
    for option in ["--parallel 0", "--parallel 101", "--shard 3/2", "--shard 0/2", "--progress=x"] {
        let outcome = with(&format!("{option} get-mailbox -Identity -")).input("a\n").run();
        assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{option}: {outcome}");
    }
}

#[test]
fn what_is_written_goes_one_by_one_where_the_first_failure_is_to_stop_it() {
    let names = "adele.vance@contoso.com\nnobody@contoso.com\nalex.wilber@contoso.com\n";
    let words = "--parallel 8 --fail-fast set-mailbox -Identity - -Office 12";
    let outcome = with(words).input(names).run();
    assert_eq!((outcome.exit, outcome.executions()), (5, 1), "{outcome}");
}

#[test]
fn every_identity_is_written_once_however_many_at_once() {
    let list = addresses(95);
    let words = "--parallel 4 set-mailbox -Identity - -Office 12";
    let outcome = with(words).mailboxes(95).input(&list.join("\n")).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 95), "{outcome}");
}

//! Many commands over one connection, and one cmdlet for many identities.

use crate::harness::{Command, assert_outcome, connect};
use exo_mi::emulator::Scenario;

fn with(before: &str) -> Command {
    connect(&format!("--org contoso.onmicrosoft.com {before}"))
}

const MEMBERS: [&str; 12] = [
    "adele.vance",
    "alex.wilber",
    "allan.deyoung",
    "bianca.pisani",
    "cameron.white",
    "christie.cline",
    "debra.berger",
    "diego.siciliani",
    "emily.braun",
    "grady.archie",
    "henrietta.mueller",
    "isaiah.langer",
];

fn addresses(names: &[&str]) -> String {
    names.iter().flat_map(|name| [name, "@contoso.com\n"]).collect()
}

#[test]
fn commands_run_over_one_connection_and_the_exit_code_is_the_worst() {
    let lines = "\u{feff}# what is there\r\n\r\nget-accepted-domain -o csv --columns 'Name,Default'\r\n\
        Get-Mailbox | Format-Table\r\nget-mailbox nobody@contoso.com\r\n\
        get-organization-config -o json --columns Name\r\n";
    let outcome = with("").input(lines).run();
    assert_eq!(outcome.calls("/metadata/identity"), 1, "{outcome}");
    assert_outcome!("commands", outcome);
}

#[test]
fn powershells_results_are_parted_by_their_own_blank_lines() {
    let printed = |lines: &str| with("-o powershell").input(lines).run().stdout;
    let (first, second) = ("get-accepted-domain\n", "get-organization-config --columns Name\n");
    let both = printed(&format!("{first}{second}"));
    assert_eq!(both, printed(first) + &printed(second));
    assert!(both.contains("False\n\n\nName\n"), "{both}");
}

#[test]
fn the_first_command_that_fails_ends_them_where_that_is_wanted() {
    let lines = "get-mailbox nobody@contoso.com\nset-mailbox adele.vance@contoso.com -Office 12\n";
    let outcome = with("--fail-fast").input(lines).run();
    assert_eq!((outcome.exit, outcome.executions()), (5, 0), "{outcome}");
    let outcome = with("").input(lines).run();
    assert_eq!((outcome.exit, outcome.executions()), (5, 1), "{outcome}");
}

#[test]
fn a_line_that_is_no_command_sends_nothing() {
    for line in
        ["-Identity x", "get-mailbox -Identity $user", "get-mailbox -Identity -", "rm -rf /", "get-mailbo"]
    {
        let outcome = with("").input(line).run();
        assert_eq!((outcome.exit, outcome.calls("InvokeCommand")), (2, 0), "{outcome}");
        assert!(outcome.stderr.contains("in line 1 of standard input"), "{outcome}");
    }
}

#[test]
fn a_question_has_nobody_to_answer_it_among_the_commands() {
    let line = "remove-distribution-group finance.approvers@contoso.com\n";
    let outcome = with("").input(line).run();
    assert_eq!((outcome.exit, outcome.executions()), (2, 0), "{outcome}");
    let outcome = with("--yes").input(line).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 1), "{outcome}");
}

#[test]
fn nothing_on_standard_input_shows_the_connection() {
    for input in ["", "\n\n", "# nothing\n"] {
        let outcome = with("-o list --columns State").input(input).run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "State : Connected\n"), "{outcome}");
    }
}

#[test]
fn commands_have_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("all.csv");
    let before = format!("--out {} -o csv --columns Name", file.display());
    let outcome = with(&before).input("get-accepted-domain\nget-organization-config\n").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""), "{outcome}");
    let text = std::fs::read_to_string(file).expect("a file");
    assert_eq!(
        text,
        "Name\ncontoso.onmicrosoft.com\ncontoso.com\nrelay.contoso.com\n\nName\ncontoso.onmicrosoft.com\n"
    );
}

#[test]
fn identities_go_ten_to_a_request_and_keep_their_order() {
    let mut order = MEMBERS;
    order.reverse();
    let outcome = with("-o csv --columns PrimarySmtpAddress get-mailbox -Identity -")
        .mailboxes(12)
        .input(&addresses(&order))
        .run();
    assert_eq!((outcome.exit, outcome.calls("$batch -> 200 ok")), (0, 2), "{outcome}");
    assert_eq!(outcome.stdout, format!("PrimarySmtpAddress\n{}", addresses(&order)), "{outcome}");
    assert_eq!(outcome.executions(), 12, "{outcome}");
}

#[test]
fn an_identity_that_fails_does_not_stop_the_rest() {
    let names = "adele.vance@contoso.com\n\nnobody@contoso.com\nalex.wilber@contoso.com\n";
    let outcome = with("-o csv --columns Alias,Office get-mailbox --identity -").input(names).run();
    assert_outcome!("identities", outcome);
    let stopped =
        with("--fail-fast -o csv --columns Alias,Office get-mailbox --identity -").input(names).run();
    // The request in which it was found is delivered; nothing is asked for after it.
    assert_eq!(stopped.exit, 5, "{stopped}");
    assert!(stopped.stdout.ends_with("alex.wilber,20/1101\n"), "{stopped}");
    assert!(stopped.stderr.contains("nothing after line 4 of standard input was sent"), "{stopped}");
}

#[test]
fn every_identity_is_written_once() {
    let outcome = with("set-mailbox - -Office 12").mailboxes(12).input(&addresses(&MEMBERS)).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 12), "{outcome}");
    assert_eq!(outcome.stdout, "", "{outcome}");
}

#[test]
fn what_asks_needs_an_answer_beforehand() {
    let words = "remove-distribution-group -Identity -";
    let input = "finance.approvers@contoso.com\n";
    let outcome = with(words).input(input).run();
    assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
    let outcome = with(&format!("--yes {words}")).input(input).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 1), "{outcome}");
    let outcome = with(&format!("{words} -WhatIf")).input(input).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 0), "{outcome}");
    assert!(outcome.stdout.starts_with("What if: "), "{outcome}");
}

#[test]
fn what_is_throttled_within_a_batch_is_sent_by_itself() {
    let words = "-o csv --columns Alias get-mailbox -Identity -";
    for scenario in [Scenario::Throttled, Scenario::OverloadException, Scenario::StaleToken] {
        let outcome = with(words).scenario(scenario).input(&addresses(&MEMBERS[..3])).run();
        assert_eq!(outcome.exit, 0, "{scenario}: {outcome}");
        assert_eq!(
            outcome.stdout, "Alias\nadele.vance\nalex.wilber\nallan.deyoung\n",
            "{scenario}: {outcome}"
        );
    }
}

#[test]
fn no_identities_are_an_empty_result() {
    let outcome = with("-o json get-mailbox -Identity -").input("\n").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "[]\n"), "{outcome}");
    assert_eq!(outcome.calls("$batch"), 0, "{outcome}");
}

#[test]
fn standard_input_has_one_reader() {
    let outcome = with("--access-token-file - get-mailbox -Identity -").input("x").run();
    assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
}

#[test]
fn a_refusal_of_the_whole_request_says_where_it_stopped() {
    let outcome = with("get-mailbox -Identity -")
        .scenario(Scenario::NoDirectoryRole)
        .input(&addresses(&MEMBERS[..2]))
        .run();
    assert_outcome!("identities-refused", outcome);
}

#[test]
fn what_is_written_stops_at_the_first_failure_where_that_is_wanted() {
    let names = "nobody@contoso.com\nadele.vance@contoso.com\nalex.wilber@contoso.com\n";
    let outcome = with("--fail-fast set-mailbox -Identity - -Office 12").input(names).run();
    assert_eq!((outcome.exit, outcome.executions()), (5, 0), "{outcome}");
    let outcome = with("set-mailbox -Identity - -Office 12").input(names).run();
    assert_eq!((outcome.exit, outcome.executions()), (5, 2), "{outcome}");
}

#[test]
fn what_asks_goes_one_by_one() {
    let names = "finance.approvers@contoso.com\nall.staff@contoso.com\n";
    let outcome = with("--yes remove-distribution-group -Identity -").input(names).run();
    assert_eq!(outcome.calls("$batch"), 0, "{outcome}");
}

#[test]
fn permissions_are_waited_for_by_a_whole_request_and_by_the_connection_itself() {
    for words in ["get-mailbox -Identity -", ""] {
        let outcome = with(&format!("--wait-for-permissions 65s {words}"))
            .scenario(Scenario::NoAppRole)
            .input(if words.is_empty() { "" } else { "adele.vance@contoso.com\n" })
            .run();
        let seconds: Vec<u64> = outcome.sleeps.iter().map(std::time::Duration::as_secs).collect();
        assert_eq!((outcome.exit, seconds), (4, vec![30, 30, 5]), "{outcome}");
    }
}

#[test]
fn a_denial_is_told_and_not_that_the_deadline_came_before_the_grant() {
    let outcome = with("--timeout 20s --wait-for-permissions 30m get-accepted-domain")
        .scenario(Scenario::NoAppRole)
        .run();
    assert_eq!((outcome.exit, outcome.sleeps.len()), (4, 0), "{outcome}");
}

#[test]
fn an_expression_over_a_part_of_the_identities_is_not_evaluated() {
    let names = addresses(&MEMBERS[..3]);
    let outcome = with("--max-retries 0 --query length(@) get-mailbox -Identity -")
        .scenario(Scenario::Throttled)
        .input(&names)
        .run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (6, ""), "{outcome}");
}

#[test]
fn a_file_keeps_what_came_before_and_is_not_replaced_by_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kept");
    let part = folder.path().join("kept.partial");
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap_or_default();
    let out = format!("--out {}", file.display());
    std::fs::write(&file, "old").expect("a file");
    let failed = crate::harness::exo_mi(&format!("whoami --columns Nope {out}")).run();
    assert_eq!((failed.exit, read(&file)), (2, "old".to_owned()), "{failed}");
    let failed = with(&format!("--columns Nope {out}")).run();
    assert_eq!((failed.exit, read(&file)), (2, "old".to_owned()), "{failed}");
    let lines = "set-mailbox adele.vance@contoso.com -Office 1 -WhatIf\nget-mailbox nobody@contoso.com\n";
    let asked = with(&out).input(lines).run();
    assert!(asked.exit == 5 && read(&file).starts_with("What if: "), "{asked}");
    let stopped = with(&format!("--fail-fast {out}")).input(lines).run();
    assert!(stopped.exit == 5 && read(&part).starts_with("What if: "), "{stopped}");
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_a_device_is_written_to() {
    use std::os::unix::fs::FileTypeExt;

    let folder = tempfile::tempdir().expect("a folder");
    let (target, link) = (folder.path().join("target"), folder.path().join("link"));
    std::fs::write(&target, "old").expect("a file");
    std::os::unix::fs::symlink(&target, &link).expect("a link");
    let outcome = with(&format!("-o csv --columns Name --out {} get-accepted-domain", link.display())).run();
    assert_eq!(outcome.exit, 0, "{outcome}");
    assert!(link.is_symlink() && std::fs::read_to_string(&target).is_ok_and(|text| text.starts_with("Name")));
    let outcome = with("--out /dev/null get-accepted-domain").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""), "{outcome}");
    assert!(std::fs::metadata("/dev/null").is_ok_and(|there| there.file_type().is_char_device()));
    std::os::unix::fs::symlink(folder.path().join("nowhere"), folder.path().join("dangling"))
        .expect("a link");
    let dangling = folder.path().join("dangling");
    let outcome = with(&format!("--out {} get-accepted-domain", dangling.display())).run();
    assert_eq!((outcome.exit, outcome.requests.len()), (1, 0), "{outcome}");
}

#[test]
fn help_among_commands_is_refused() {
    let outcome = with("").input("get-mailbox --help\n").run();
    assert_eq!((outcome.exit, outcome.calls("InvokeCommand")), (2, 0), "{outcome}");
}

#[test]
fn a_blank_name_of_the_get_exo_family_names_nobody() {
    for after in ["-PrimarySmtpAddress $null", "-UserPrincipalName=", "-Identity a -UserPrincipalName b"] {
        let outcome = with(&format!("get-exo-mailbox {after}")).run();
        assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
    }
}

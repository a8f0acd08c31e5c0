//! `exo-mi run`: scripts from standard input, against the emulator. What their language does is held elsewhere; here it is
//! what a command does about them.

use exo_mi::emulator::Scenario;

use crate::harness::{Command, exo_mi};

const CONNECT: &str = "Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com\n";

/// A script that connects first.
fn script(options: &str, text: &str) -> Command {
    exo_mi(&format!("run {options} -")).input(&format!("{CONNECT}{text}"))
}

#[test]
fn a_script_prints_what_powershell_would() {
    let outcome = script("", "Get-AcceptedDomain | Format-Table -AutoSize").run();
    let expected = "\nName                    DomainName              DomainType    Default\n\
        ----                    ----------              ----------    -------\n\
        contoso.onmicrosoft.com contoso.onmicrosoft.com Authoritative False\n\
        contoso.com             contoso.com             Authoritative True\n\
        relay.contoso.com       relay.contoso.com       InternalRelay False\n\n";
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
        (0, expected, ""),
        "{outcome}"
    );
}

#[test]
fn nothing_is_sent_where_something_is_not_carried_out() {
    for text in ["class X { }", "Get-Mailbox | Frobnicate", "Get-Mailbox -Nothing 1", "[System.Net.Dns]::x()"]
    {
        for options in ["", "--check"] {
            let outcome = script(options, text).run();
            assert_eq!(
                (outcome.exit, outcome.requests.len(), outcome.stdout.as_str()),
                (2, 0, ""),
                "{outcome}"
            );
            assert!(
                outcome.stderr.contains("-:2:") && outcome.stderr.contains("docs/errors.md#script-refused"),
                "{outcome}"
            );
        }
    }
    let outcome = script("--check", "Get-Mailbox").run();
    assert_eq!((outcome.exit, outcome.requests.len(), outcome.stdout.as_str()), (0, 0, ""), "{outcome}");
}

#[test]
fn the_exit_code_is_that_of_the_cause() {
    for (text, exit, code) in [
        ("throw 'no'", 1, "script-failed"),
        ("Get-Mailbox -Identity nobody -ErrorAction Stop", 5, "cmdlet-failed"),
        ("Get-Mailbox -Identity $nobody", 2, "usage"),
        ("Remove-Mailbox -Identity emily.braun", 2, "usage"),
        ("exit 42", 42, ""),
    ] {
        let outcome = script("", text).run();
        assert_eq!(outcome.exit, exit, "{outcome}");
        assert!(outcome.stderr.trim_end().ends_with(code), "{outcome}");
    }
    let outcome = exo_mi("run -").input("Get-Mailbox").run();
    assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
    let outcome = script("", "Get-Mailbox -ErrorAction Stop").scenario(Scenario::NoDirectoryRole).run();
    assert_eq!(outcome.exit, 4, "{outcome}");
}

#[test]
fn errors_that_do_not_end_a_script_are_told_of_with_their_line() {
    let outcome = script("", "Get-Mailbox -Identity nobody\n'after'").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "after\n"), "{outcome}");
    assert!(
        outcome.stderr.contains("line 2 of the script\n    2 | Get-Mailbox -Identity nobody\n"),
        "{outcome}"
    );
}

#[test]
fn pages_come_as_they_are_wanted_and_other_cmdlets_run_between_them() {
    let pages = |text: &str| {
        let outcome = script("--page-size 2", text).mailboxes(7).run();
        assert_eq!(outcome.exit, 0, "{outcome}");
        let asked =
            outcome.requests.iter().filter(|entry| entry.to_string().contains("InvokeCommand")).count();
        (asked, outcome.stdout.trim().to_owned())
    };
    let all = "Get-Mailbox -ResultSize Unlimited";
    assert_eq!(pages(&format!("({all}).Count")), (4, "7".to_owned()));
    assert_eq!(pages(&format!("({all} | Select-Object -First 1).Count")), (1, "1".to_owned()));
    assert_eq!(
        pages(&format!("({all} | ForEach-Object {{ Get-Mailbox -Identity $_.Identity }}).Count")),
        (11, "7".to_owned())
    );
}

#[test]
fn a_loop_without_an_end_ends_at_the_deadline() {
    let outcome = script("--timeout 5m", "while ($true) { Start-Sleep -Seconds 60 }").run();
    assert_eq!(outcome.exit, 6, "{outcome}");
    assert!(outcome.stderr.contains("deadline"), "{outcome}");
}

#[test]
fn a_question_is_answered_by_an_option_or_by_the_script() {
    for (options, text) in [("--yes", ""), ("", " -Confirm:$false")] {
        let outcome =
            script(options, &format!("Remove-DistributionGroup -Identity nothing{text} -ErrorAction Stop"))
                .run();
        assert_eq!(outcome.exit, 5, "{outcome}");
    }
}

#[test]
fn parameters_and_variables_come_from_the_command_line() {
    let text =
        "param([int]$Days = 1, [switch]$All)\n\"$($Days + 1) $All $(Get-AutomationVariable -Name Org)\"";
    let outcome = exo_mi("run --automation-variable Org=contoso - -Days 5 -All").input(text).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "6 True contoso\n"), "{outcome}");
    let outcome = exo_mi("run - -Weeks 5").input(text).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""), "{outcome}");
}

/// The script formats; what would change nothing is a mistake.
#[test]
fn options_that_choose_a_form_are_not_for_scripts() {
    for option in
        ["-o json", "--output json", "--columns Name", "--wide", "--query [0]", "--no-headers", "--ascii"]
    {
        let outcome = script(option, "Get-AcceptedDomain").run();
        assert_eq!((outcome.exit, outcome.requests.len(), outcome.stdout.as_str()), (2, 0, ""), "{outcome}");
        assert!(outcome.stderr.contains("there is no option"), "{outcome}");
    }
    let outcome = script("--width 40", "Get-AcceptedDomain | Format-Table Name, DomainName").run();
    assert!(outcome.exit == 0 && outcome.stdout.lines().all(|line| line.chars().count() < 40), "{outcome}");
}

/// With 25 mailboxes; the module sends ten of a pipeline in one request. The emulator notes what lies in a batch as well.
#[test]
fn identities_of_a_pipeline_go_ten_to_a_request() {
    let run = |text: &str| {
        let outcome = script("", text).mailboxes(25).run();
        let asked =
            |what: &str| outcome.requests.iter().filter(|entry| entry.to_string().contains(what)).count();
        let counts = (asked("$batch"), asked("InvokeCommand"));
        (outcome, counts)
    };
    let all = "Get-Mailbox -ResultSize Unlimited";
    let (names, _) = run(&format!("{all} | ForEach-Object DisplayName"));
    for cmdlet in ["Get-Mailbox", "Get-MailboxStatistics"] {
        let (outcome, counts) = run(&format!("{all} | {cmdlet} | ForEach-Object DisplayName"));
        assert_eq!((outcome.exit, counts, &outcome.stdout), (0, (3, 26), &names.stdout), "{outcome}");
    }
    let (outcome, counts) =
        run(&format!("{all} | Get-MailboxStatistics | Select-Object -First 1 | Measure-Object | % Count"));
    assert_eq!((counts, outcome.stdout.as_str()), ((1, 11), "1\n"), "{outcome}");
    // What writes goes by itself, and so does what a block calls.
    let (outcome, counts) = run(&format!("{all} | Set-Mailbox -Office Oslo -ErrorAction Stop"));
    assert_eq!((outcome.exit, counts), (0, (0, 26)), "{outcome}");
    let (_, counts) = run(&format!("{all} | ForEach-Object {{ Get-MailboxStatistics $_.Identity }}"));
    assert_eq!(counts, (0, 26));
}

#[test]
fn an_identity_of_a_pipeline_that_fails_does_not_hold_the_others_up() {
    let text = "'adele.vance', 'nobody', 'alex.wilber' | Get-Mailbox | ForEach-Object Alias; $Error.Count";
    let outcome = script("", text).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "adele.vance\nalex.wilber\n1\n"), "{outcome}");
    assert_eq!(outcome.stderr.matches("nobody").count(), 2, "{outcome}");
    let outcome = script("", "'adele.vance', '', 'alex.wilber' | Get-Mailbox").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""), "{outcome}");
    assert!(!outcome.requests.iter().any(|entry| entry.to_string().contains("adminapi")), "{outcome}");
}

#[test]
fn what_is_left_of_a_pipeline_is_not_asked_of_another_connection() {
    let outcome =
        script("", &format!("'adele.vance' | ForEach-Object {{ $_; {CONNECT} }} | Get-Mailbox")).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""), "{outcome}");
    assert!(outcome.stderr.contains("the connection that it began with has ended"), "{outcome}");
}

//! The language of scripts on the command line and on standard input.

use exo_mi::emulator::Scenario;

use crate::harness::{Command, assert_outcome, connect};

fn pipeline(options: &str, text: &str) -> Command {
    connect(&format!("--org contoso.onmicrosoft.com {options}")).argument(text)
}

fn lines(options: &str, text: &str) -> Command {
    connect(&format!("--org contoso.onmicrosoft.com {options}")).input(text)
}

const TABLE: &str = "\nName                    DomainName              DomainType    Default\n\
    ----                    ----------              ----------    -------\n\
    contoso.onmicrosoft.com contoso.onmicrosoft.com Authoritative False\n\
    contoso.com             contoso.com             Authoritative True\n\
    relay.contoso.com       relay.contoso.com       InternalRelay False\n\n";

#[test]
fn a_quoted_pipeline_prints_what_powershell_would() {
    let outcome = pipeline("", "Get-AcceptedDomain | Format-Table -AutoSize").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, TABLE, ""), "{outcome}");
    assert_eq!(outcome.calls("/metadata/identity"), 1, "{outcome}");
    for (text, printed) in [
        ("(Get-Mailbox).Count", "5\n"),
        ("Get-AcceptedDomain|%{$_.Name}", "contoso.onmicrosoft.com\ncontoso.com\nrelay.contoso.com\n"),
        ("$d = Get-AcceptedDomain; $d[1].Name", "contoso.com\n"),
        ("'text'", "text\n"),
        ("Get-ConnectionInformation | Select-Object -ExpandProperty State", "Connected\n"),
        ("'a'; Disconnect-ExchangeOnline -Confirm:$false", "a\n"),
    ] {
        let outcome = pipeline("", text).run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, printed), "{outcome}");
    }
}

#[test]
fn objects_that_leave_a_pipeline_take_the_form_that_is_asked_for() {
    for (options, after, text, printed) in [
        (
            "-o csv",
            "",
            "Get-AcceptedDomain | select Name,Default -First 2",
            "Name,Default\ncontoso.onmicrosoft.com,False\ncontoso.com,True\n",
        ),
        (
            "-o jsonl",
            "",
            "Get-AcceptedDomain | select Name -First 1",
            "{\"Name\":\"contoso.onmicrosoft.com\"}\n",
        ),
        (
            "",
            "-o jsonl",
            "Get-AcceptedDomain | select Name -First 1",
            "{\"Name\":\"contoso.onmicrosoft.com\"}\n",
        ),
        ("--query [].Name|[1]", "", "Get-AcceptedDomain | ? Name -like 'c*'", "contoso.com\n"),
        ("--columns name", "", "Get-AcceptedDomain | ? Default", "Name\n----\ncontoso.com\n"),
        ("-o json", "", "Get-AcceptedDomain | ? Name -eq 'none'", "[]\n"),
        ("-o jsonl", "", "(Get-Mailbox).Count; 'text'", "{\"Value\":5}\n{\"Value\":\"text\"}\n"),
        ("-o none", "", "Get-AcceptedDomain", ""),
        ("-o powershell", "", "1 + 1", "2\n"),
    ] {
        let mut command = pipeline(options, text);
        for word in after.split_whitespace() {
            command = command.argument(word);
        }
        let outcome = command.run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, printed), "{outcome}");
    }
    let whole = pipeline("-o json", "Get-AcceptedDomain | ForEach-Object { $_ }").run().stdout;
    let plain = connect("--org contoso.onmicrosoft.com -o json Get-AcceptedDomain").run().stdout;
    assert_eq!(whole, plain, "what was sent is not changed");
}

#[test]
fn nothing_is_sent_where_a_pipeline_cannot_be_carried_out() {
    for (options, text) in [
        ("", "Get-Mailbox | Frobnicate"),
        ("", "Get-Mailbox |"),
        ("", "Get-Mailbox -Nothing 1"),
        ("", "# nothing"),
        ("-o csv", "Get-Mailbox | Format-Table"),
        ("-o raw", "Get-Mailbox | select Name"),
        ("--raw-cmdlet", "Get-Mailbox | select Name"),
    ] {
        let outcome = pipeline(options, text).run();
        assert_eq!((outcome.exit, outcome.requests.len(), outcome.stdout.as_str()), (2, 0, ""), "{outcome}");
    }
    let outcome = pipeline("", "Get-Mailbox | select Name").argument("-First").run();
    assert_eq!((outcome.exit, outcome.requests.len()), (2, 0), "{outcome}");
}

#[test]
fn nothing_that_may_stand_within_a_statement_that_is_wrong_is_run_by_itself() {
    let rest = "Set-AcceptedDomain contoso.com -MatchSubDomains $true\n}\nGet-AcceptedDomain\n";
    for wrong in ["$x = $y ?? 1 +* 3", "class Foo {}", "\"no end\" of it"] {
        let text = format!("'before'\nif ($false) {{\n  {wrong}\n{rest}");
        let outcome = lines("", &text).run();
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, "before\n"), "{outcome}");
        assert_eq!(outcome.calls("/adminapi/"), 0, "{outcome}");
        assert!(outcome.stderr.contains("nothing after it was run"), "{outcome}");
    }
    let outcome = lines("", "Get-Mailbox -Nothing 1\n'after'\n").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (5, "after\n"), "{outcome}");
    // As an editor of Windows saves it.
    let outcome = connect("--org contoso.onmicrosoft.com")
        .bytes(b"'before'\nif ($false) { # gr\xfc\xdfe\n'after'\n}\n")
        .run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, "before\n"), "{outcome}");
}

#[test]
fn the_exit_code_of_a_pipeline_is_that_of_its_first_failure() {
    for (text, exit) in [
        ("Get-Mailbox -Identity nobody; 'after'", 5),
        ("Get-Mailbox -Identity nobody -ErrorAction Stop; 'after'", 5),
        ("Get-Mailbox -Identity nobody -ErrorAction SilentlyContinue; 'after'", 0),
        ("Write-Error 'no'; Get-Mailbox -Identity nobody", 1),
        ("try { Get-Mailbox -Identity nobody -ErrorAction Stop } catch { 'caught' }", 0),
        ("throw 'no'", 1),
        ("Get-Mailbox -Identity $nobody", 2),
        ("exit 42", 42),
        ("Get-Mailbox -Identity nobody; exit 0", 0),
        ("'finance.approvers' | Remove-DistributionGroup", 2),
        ("Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com", 2),
        ("Disconnect-ExchangeOnline; Get-Mailbox", 2),
    ] {
        let outcome = pipeline("", text).run();
        assert_eq!((outcome.exit, outcome.executions()), (exit, 0), "{outcome}");
    }
    let outcome = pipeline("", "Get-Mailbox").argument("").scenario(Scenario::NoDirectoryRole).run();
    assert_eq!(outcome.exit, 2, "a word after a cmdlet is no pipeline: {outcome}");
    let outcome = pipeline("", "Get-Mailbox | ft").scenario(Scenario::NoDirectoryRole).run();
    assert_eq!(outcome.exit, 4, "{outcome}");
    let outcome = pipeline("--timeout 5m", "while ($true) { Start-Sleep -Seconds 60 }").run();
    assert_eq!(outcome.exit, 6, "{outcome}");
}

#[test]
fn an_error_shows_what_was_typed() {
    let outcome = pipeline("", "1..2 | ForEach-Object { Get-Mailbox -Identity nobody }; 'after'").run();
    assert_outcome!("pipeline_error", outcome);
    let outcome = pipeline("", "Get-Mailbox | Where-Objct Name").run();
    assert_outcome!("pipeline_objection", outcome);
}

#[test]
fn questions_are_asked_for_each_object_and_answered_by_an_option() {
    let text = "'finance.approvers@contoso.com' | ForEach-Object { Remove-DistributionGroup -Identity $_ }";
    let outcome = pipeline("--yes", text).run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 1), "{outcome}");
    let text = "Set-Mailbox adele.vance -Office 1 -Confirm; Set-Mailbox alex.wilber -Office 1 -Confirm";
    let outcome = pipeline("", text).answering("y\nn\n").run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 1), "{outcome}");
    let outcome = pipeline("", text).answering("n\ny\n").run();
    assert_eq!((outcome.exit, outcome.executions()), (0, 1), "{outcome}");
}

#[test]
fn permissions_are_waited_for_within_a_pipeline() {
    let text = "Get-AcceptedDomain | Format-Table -AutoSize";
    let outcome = pipeline("--wait-for-permissions 30m", text).scenario(Scenario::LateGrant).run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, TABLE), "{outcome}");
}

#[test]
fn lines_keep_what_lines_before_them_have_set_and_go_on_where_they_are_open() {
    let text = "$names = @(\n  'contoso.com',\n\n  'relay.contoso.com'\n)\n\
        get-accepted-domain contoso.com --columns Name -o csv\n\
        function Show-It($Name) {\n  \"It is $Name\"\n}\n\
        $names |\n  ForEach-Object { Show-It $_ }\n\
        $text = @'\n  two\n\nlines\n'@\n$text\nShow-It -Name me\nif (1) { 'yes' } else {\n'no' }\n";
    let outcome = lines("", text).run();
    let printed =
        "Name\ncontoso.com\nIt is contoso.com\nIt is relay.contoso.com\n  two\n\nlines\nIt is me\nyes\n";
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
        (0, printed, ""),
        "{outcome}"
    );
    assert_eq!(outcome.calls("/metadata/identity"), 1, "{outcome}");
}

#[test]
fn lines_that_fail_are_told_of_with_their_own_numbers() {
    let text = "# first\n\nfunction f {\n  Get-Mailbox -Identity nobody\n}\n\
        Get-Mailbox | Frobnicate\nf\n'after'\nthrow 'no'\n'last'\n$x = (\n";
    let outcome = lines("", text).run();
    assert_outcome!("statements", outcome);
    let outcome = lines("--fail-fast", text).run();
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str(), outcome.calls("InvokeCommand")),
        (2, "", 0),
        "{outcome}"
    );
    let outcome = lines("--fail-fast", "Get-Mailbox -Identity nobody | ft\n'after'\n").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (5, ""), "{outcome}");
}

#[test]
fn exit_among_the_lines_ends_them() {
    let outcome = lines("", "Get-Mailbox -Identity nobody | ft\nexit 3\n'after'\n").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (3, ""), "{outcome}");
}

#[test]
fn the_form_of_output_holds_for_lines_of_both_kinds() {
    let text = "get-accepted-domain contoso.com\nGet-AcceptedDomain | ? Default\n";
    let outcome = lines("-o csv --columns Name", text).run();
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str()),
        (0, "Name\ncontoso.com\n\nName\ncontoso.com\n"),
        "{outcome}"
    );
}

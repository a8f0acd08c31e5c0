use super::{run, run_with};

const CONNECT: &str = "Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com\n";

#[test]
fn errors_end_a_script_where_powershell_ends_it() {
    for (script, out, told, exit) in [
        ("throw 'no'; 'after'", "", 0, 1),
        ("1 / 0; 'after'", "after\n", 1, 0),
        ("$ErrorActionPreference = 'Stop'; 1 / 0; 'after'", "", 0, 1),
        ("Write-Error 'bad'; 'after'", "after\n", 1, 0),
        ("Write-Error 'bad' -ErrorAction SilentlyContinue; $Error.Count; $?", "1\nTrue\n", 0, 0),
        ("Write-Error 'bad' -ErrorAction Stop; 'after'", "", 0, 1),
        ("Write-Error 'bad' 2>$null; 'after'", "after\n", 0, 0),
        ("exit 3", "", 0, 3),
        ("try { Write-Error 'bad' -ErrorAction Stop } catch { 'caught' }", "caught\n", 0, 0),
        ("function F { 1 / 0; 'in' }; F; 'after'", "in\nafter\n", 1, 0),
        (
            "try { Get-Content none.txt -ErrorAction Stop } catch { $_.Exception.Message }",
            "Cannot find path 'none.txt' because it does not exist.\n",
            0,
            0,
        ),
        (
            "Write-Error 'bad' -ErrorAction SilentlyContinue -ErrorVariable e; $e.Count; \"$e\"",
            "1\nbad\n",
            0,
            0,
        ),
    ] {
        let left = run(script);
        assert_eq!((left.out.as_str(), left.told.len(), left.exit), (out, told, exit), "{script}: {left:?}");
    }
}

#[test]
fn failures_of_the_service_have_the_exit_code_of_their_cause() {
    for (script, out, exit) in [
        ("Get-Mailbox", "", 2),
        ("Connect-ExchangeOnline -ManagedIdentity -Organization denied; 'after'", "", 4),
        (
            "try { Connect-ExchangeOnline -ManagedIdentity -Organization denied } catch { \"$_\" }",
            "Exchange refused\n",
            0,
        ),
        ("Connect-ExchangeOnline -ManagedIdentity -Organization ''", "", 2),
    ] {
        let left = run(script);
        assert_eq!((left.out.as_str(), left.exit), (out, exit), "{script}: {left:?}");
    }
    for (script, out, exit) in [
        ("Get-Mailbox -Identity none; 'after'", "after\n", 0),
        ("Get-Mailbox -Identity none -ErrorAction Stop; 'after'", "", 5),
        (
            "try { Get-Mailbox none -ErrorAction Stop } catch { $_.Exception.Message }",
            "there is no such mailbox\n",
            0,
        ),
        (
            "$m = Get-Mailbox none -ErrorAction SilentlyContinue; $m -eq $null; if (-not $m) { 'none' }",
            "True\nnone\n",
            0,
        ),
    ] {
        let left = run(&format!("{CONNECT}{script}"));
        assert_eq!((left.out.as_str(), left.exit), (out, exit), "{script}: {left:?}");
    }
}

#[test]
fn warnings_and_details_go_beside_the_data() {
    let left = run(
        "Write-Warning 'w'; Write-Verbose 'v'; Write-Verbose 'shown' -Verbose; Write-Warning 'x' -WarningAction SilentlyContinue",
    );
    assert_eq!(left.said, ["Warning: w", "Verbose: shown"]);
    assert_eq!(left.out, "");
}

#[test]
fn no_loop_outlasts_the_order_to_stop() {
    for script in [
        "while ($true) { }",
        "for (;;) { }",
        "do { } until ($false)",
        "function F { F }; while ($true) { try { F } catch { } }",
        "while ($true) { try { throw 1 } catch { } finally { } }",
        "foreach ($i in 1..9999999) { foreach ($j in 1..9999) { } }",
        "1..9999999 | ForEach-Object { 1..999 | ForEach-Object { $_ } } | Out-Null",
    ] {
        let left = run_with(script, &[], |memory| memory.patience = Some(50));
        assert_eq!(left.exit, 130, "{script}: {left:?}");
    }
}

#[test]
fn calls_that_lie_too_deep_are_an_error() {
    let left = run("function F($n) { F ($n + 1) }; F 1");
    assert!(
        left.told.iter().any(|text| text.contains("call depth overflow")) || left.fault.is_some(),
        "{left:?}"
    );
}

/// The head of a pipeline may be an expression, and what surrounds it says where its errors go.
#[test]
fn an_expression_at_the_head_of_a_pipeline_keeps_the_redirection_around_it() {
    for (script, told, out) in [
        ("& { $(Write-Error x) | Out-Null } 2>$null", 0, ""),
        (
            "& { $(Write-Error x; 1) | ForEach-Object { $_ } } 2>&1 | Measure-Object | ForEach-Object Count",
            0,
            "2\n",
        ),
        ("& { $(Write-Error x) 2>$null | Out-Null }", 0, ""),
        ("& { $(Write-Error x) | Out-Null }", 1, ""),
    ] {
        let left = run(script);
        assert_eq!((left.told.len(), left.out.as_str()), (told, out), "{script}: {left:?}");
    }
}

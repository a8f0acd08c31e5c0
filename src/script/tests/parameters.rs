//! What the names of parameters mean: `about_Parameters`, `about_CommonParameters`, `about_Functions_Advanced`.

use super::super::{Program, Word};
use super::{lines, run, run_with};

#[test]
fn a_name_means_the_same_parameter_whoever_asks() {
    for (script, expected) in [
        // The whole name comes before those that only begin like it.
        ("function F { param([switch]$AllUsers, $All) \"$AllUsers $All\" }; F -All x", "False x"),
        ("function F { param([switch]$AllUsers, $Name) \"$AllUsers $Name\" }; F -All x", "True x"),
        ("function F { param([Alias('q')][switch]$Quiet, $Name) \"$Quiet $Name\" }; F -q x", "True x"),
        // The beginning of an alias will do as that of a name does.
        ("function F { param([Alias('Silent')][switch]$Quiet, $Name) \"$Quiet $Name\" }; F -Sil x", "True x"),
        ("3, 1 | Sort-Object -desc", "3|1"),
        // What belongs to the command itself comes before what every command has.
        ("[pscustomobject]@{ A = 1 } | Format-Table -Pr A -H", "|1"),
    ] {
        assert_eq!(lines(script), expected, "{script}");
    }
    for name in ["q", "Silent", "Sil", "Quie"] {
        let script = "param([Alias('q', 'Silent')][switch]$Quiet, $Name) \"$Quiet $Name\"";
        let words = [Word::Name(name.to_owned(), None), Word::Value("x".to_owned())];
        assert_eq!(run_with(script, &words, |_| {}).out, "True x\n", "{name}");
    }
}

/// Functions with `[CmdletBinding()]` or `[Parameter()]` have them, and no others.
#[test]
fn advanced_functions_take_the_common_parameters() {
    for (script, expected) in [
        (
            "function F { [CmdletBinding()] param($a) Write-Error 'bad'; $a }; F 1 -ErrorAction SilentlyContinue",
            "1",
        ),
        ("function F { param([Parameter()]$a) Write-Error 'bad'; $a }; F -ea 0 1", "1"),
        (
            "function F { [CmdletBinding()] param($a) $ErrorActionPreference }; F -ErrorAction Stop; F",
            "Stop|Continue",
        ),
        (
            "function F { [CmdletBinding()] param() Write-Error 'bad'; 'in' }; try { F -ErrorAction Stop } catch { \"$_\" }",
            "bad",
        ),
        (
            "function F { [CmdletBinding()] param() Write-Error 'bad' }; F -ea SilentlyContinue -ErrorVariable e; $e.Count; \"$e\"",
            "1|bad",
        ),
        (
            "function F { [CmdletBinding()] param() Get-Content none.txt -ev inner; $inner.Count }; F -ea 0 -ev e; $e.Count",
            "1|1",
        ),
        (
            "function F { [CmdletBinding()] param() $VerbosePreference }; F -Verbose; F",
            "Continue|SilentlyContinue",
        ),
        (
            "function F { [CmdletBinding()] param() Write-Warning 'w' }; F -WarningAction SilentlyContinue -wv w; \"$w\"",
            "w",
        ),
        ("function F { [CmdletBinding()] param($E) $E }; F -E 1", "1"),
    ] {
        assert_eq!(lines(script), expected, "{script}");
    }
    let left = run_with(
        "[CmdletBinding()] param() Write-Verbose 'detail'",
        &[Word::Name("Verbose".to_owned(), None)],
        |_| {},
    );
    assert_eq!(left.said, ["Verbose: detail"]);
}

/// `about_CommonParameters`: what was in the variable is replaced, unless a plus stands before its name.
#[test]
fn a_variable_for_errors_begins_anew() {
    let first = "Write-Error a -ea SilentlyContinue -ev e";
    for (second, expected) in [
        ("Write-Error b -ea SilentlyContinue -ev e; \"$e\"", "b"),
        ("Write-Error b -ea SilentlyContinue -ev +e; \"$e\"", "a b"),
        ("Write-Output 1 -ev e; $e.Count", "1|0"),
    ] {
        assert_eq!(lines(&format!("{first}; {second}")), expected, "{second}");
    }
}

#[test]
fn what_the_check_takes_the_run_takes() {
    let objection = |script: &str| {
        let objections = Program::read(script, "x.ps1").expect_err(script);
        objections.into_iter().map(|found| found.what).collect::<Vec<_>>().join("; ")
    };
    for (script, what) in [
        ("function F { param($a) }; F 1 -ErrorAction Stop", "the function F has no parameter `-ErrorAction`"),
        ("function F { param($Anna, $Anton) }; F -An 1", "`-An` of the function F may be -Anna or -Anton"),
        ("function F { param($Anna) }; F -Annabell 1", "the function F has no parameter `-Annabell`"),
        ("Get-Mailbox -Res 5 -In x", "`-In` of Get-Mailbox may be -InactiveMailboxOnly or "),
    ] {
        assert!(objection(script).starts_with(what), "{script}: {}", objection(script));
    }
    // The beginning of a common parameter is one of them, as for every cmdlet.
    let script = "Connect-ExchangeOnline -ManagedIdentity -Organization x; Get-Mailbox none -ErrorA SilentlyContinue; 1";
    let left = run(script);
    assert_eq!((left.out.as_str(), left.told.len()), ("1\n", 0), "{left:?}");
}

/// "The value is treated as a single object, even if it is a collection": the reference of each of these cmdlets.
#[test]
fn input_may_be_given_by_name_and_is_one_object() {
    for (script, expected) in [
        ("ForEach-Object -InputObject 5 { $_ + 1 }", "6"),
        ("ForEach-Object -InputObject 1, 2, 3 { $_.Count }", "3"),
        ("ForEach-Object -InputObject 'abc' Length", "3"),
        ("Where-Object -InputObject 5 { $_ -gt 3 }", "5"),
        ("Where-Object -InputObject 2 { $_ -gt 3 }", ""),
        ("(Where-Object -InputObject ([pscustomobject]@{ A = 1 }) A -eq 1).A", "1"),
        ("Select-Object -InputObject ([pscustomobject]@{ A = 1; B = 2 }) -ExpandProperty B", "2"),
        ("(Measure-Object -InputObject 1, 2, 3).Count", "1"),
        ("(Group-Object -InputObject 1, 2, 3).Count", "1"),
        ("Sort-Object -InputObject 3, 1, 2", "3|1|2"),
        ("Format-Table -InputObject 'x', 'y'", "x|y"),
    ] {
        assert_eq!(lines(script), expected, "{script}");
    }
    let left = run("1, 2 | ForEach-Object -InputObject 5 { $_ }");
    assert!(left.fault.is_some_and(|fault| fault.contains("InputObject")));
}

//! A mistake in a loop does not take all memory of the machine.

use super::{lines, run};

/// Each begins a step before there is no more room: the way there is the same for any text and any list.
#[test]
fn a_value_that_grows_without_end_ends_the_script() {
    for (script, what) in [
        ("$a = 'x' * 200000000; while ($true) { $a += $a }", "256 MB"),
        ("$a = 'x' * 200000000; while ($true) { $a = \"$a$a\" }", "256 MB"),
        ("$a = 'x' * 200000000; while ($true) { $a = $a, $a -join '' }", "256 MB"),
        ("$a = 'x' * 200000000; while ($true) { $a = [string]::Concat($a, $a) }", "256 MB"),
        ("'x' * 300000000", "256 MB"),
        ("'x'.PadLeft(300000000)", "256 MB"),
        ("$a = 1..6000; while ($true) { $a *= 1000; $a += $a }", "ten million items"),
        ("1..20000000", "ten million items"),
        ("@(1, 2) * 20000000", "ten million items"),
    ] {
        let left = run(&format!("{script}\n'after'"));
        assert!(
            left.fault.as_deref().is_some_and(|fault| fault.contains(what)),
            "{script}: {:?}",
            left.fault
        );
        assert_eq!((left.exit, left.out.as_str()), (1, ""), "{script}");
    }
}

/// A list, a hashtable or an object may lie in itself. Whatever looks into it comes to an end, and what it shows of it is
/// its type.
#[test]
fn what_lies_in_itself_is_looked_at_to_an_end() {
    let made = [
        "$a = [System.Collections.ArrayList]@(); $null = $a.Add($a); $null = $a.Add('x')",
        "$a = @{}; $a.Name = $a; $a.Message = $a",
        "$a = [PSCustomObject]@{ Name = 1; Message = 2 }; $a.Name = $a; $a.Message = $a",
        "$a = try { throw 'x' } catch { $_ }; $a.Exception.Message = $a.Exception",
        "Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com; $a = Get-Mailbox -Identity meg; $a.DisplayName = $a; $a.Identity = $a",
    ];
    let looked = [
        "$a",
        ",$a",
        "\"$a\"",
        "$a.Name.Nothing",
        "$a -eq $a",
        "@($a, 1) -contains 'x'",
        "$a | Format-List",
        "$a | Format-Table -Property Name",
        "$FormatEnumerationLimit = -1; ,$a | Format-List",
        "$FormatEnumerationLimit = -1; [PSCustomObject]@{ In = $a } | Format-List",
        "ConvertTo-Json $a -Depth 3 -WarningAction SilentlyContinue",
        "$a | ConvertTo-Csv",
        "$a | ConvertTo-Html",
        "$a, $a | Sort-Object Name",
        "$a, $a | Group-Object Name",
        "Compare-Object $a $a",
        "$a | Select-Object *",
        "[string]$a",
        "[bool]$a",
    ];
    for (script, look) in made.iter().flat_map(|made| looked.map(|look| (made, look))) {
        let left = run(&format!("{script}; {look}; Write-Host after"));
        assert!(left.fault.is_none() && left.out.contains("after\n"), "{script}; {look}: {left:?}");
    }
}

/// A method that a list does not have is called on what lies in it.
#[test]
fn a_list_in_itself_has_no_other_methods() {
    let made = "$a = [System.Collections.ArrayList]@(); $null = $a.Add($a)";
    for used in ["$a.Trim()", "$a.Name = 1"] {
        let left = run(&format!("{made}; $ErrorActionPreference = 'Stop'; {used}"));
        assert!(left.fault.is_some(), "{used}");
    }
}

/// What lies in each other far deeper than anyone wrote it is shown and let go like anything else.
#[test]
fn a_value_may_lie_deep() {
    for deeper in ["$a = ,$a", "$a = @{ a = $a }", "$a = [PSCustomObject]@{ a = $a }"] {
        let script =
            format!("$a = 'x'; foreach ($n in 1..50000) {{ {deeper} }}; $a > $null; $a = $null; 'after'");
        assert_eq!(lines(&script), "after", "{deeper}");
    }
}

/// What goes through lists in lists to find something or to send it says so where it would have no end.
#[test]
fn what_lies_in_itself_is_no_index_and_is_not_sent() {
    let connected = "Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com";
    let mailbox = "a parameter";
    for (script, why) in [
        ("$a = @(0); $a[0] = $a; $a[$a]", "an index"),
        ("$a = [System.Collections.ArrayList]@(); $null = $a.Add($a); $a[$a]", "an index"),
        ("$a = @(0); $a[0] = $a; Get-Mailbox $a", mailbox),
        ("$a = @{}; $a.a = $a; Get-Mailbox -Filter $a", mailbox),
        ("$a = @(0); $a[0] = $a; [PSCustomObject]@{ Identity = $a } | Get-Mailbox", mailbox),
    ] {
        let left = run(&format!("$ErrorActionPreference = 'Stop'; {connected}; {script}"));
        assert!(left.fault.as_deref().is_some_and(|fault| fault.contains(why)), "{script}: {left:?}");
        assert!(left.sent.is_empty(), "{script}");
    }
}

/// How deep calls may go and how tall an expression may be are bounded, and so is the one in the other.
#[test]
fn tall_expressions_in_deep_calls_end_the_script_and_not_the_program() {
    let ones = "+1".repeat(390);
    let commands = "| & { process { $_ } } ".repeat(300);
    for script in [
        format!("$b = {{ ('a' -split $b){ones} }}; & $b"),
        format!("function f($x = (f){ones}) {{}}; f"),
        format!("function f {{ 1 {commands} | ForEach-Object {{ f }} }}; f"),
        format!("function f {{ {} f {} }}; f", "if (1) {".repeat(90), "}".repeat(90)),
    ] {
        let left = run(&format!("$ErrorActionPreference = 'Stop'\n{script}"));
        let fault = left.fault.unwrap_or_default();
        assert!(fault.contains("call depth overflow"), "{}: {fault}", &script[..40]);
    }
}

/// A list may be compared with what is in it, and that may be the list.
#[test]
fn a_list_in_itself_is_sorted_and_searched() {
    let list = "$a = [System.Collections.ArrayList]@('b', 'a'); $null = $a.Add($a)";
    assert_eq!(lines(&format!("{list}; $null = $a.Remove($a); $a.Count; $a[0]")), "2|b");
    assert_eq!(lines(&format!("{list}; $a.Sort(); $a.Count; $a[0], $a[1] -join ''")), "3|ab");
    let array = "$a = @('b', 'a', 0); $a[2] = $a";
    assert_eq!(lines(&format!("{array}; [array]::Sort($a); $a.Count; $a[0], $a[1] -join ''")), "3|ab");
}

/// As numbers 9 comes before 10, as texts 10 before 5x and 5x before 9: in one list only one order can hold.
#[test]
fn values_of_several_kinds_are_sorted_as_texts() {
    let made = "$a = 1..60 + (1..60 | ForEach-Object { \"$_ x\" }) + @($null, -1.5, [double]::NaN)";
    let made = made.replace("[double]::NaN", "(0.0 / 0.0)");
    let sorted = "10|10 x|11|11 x|12|12 x|13";
    for sort in [
        "$a | Sort-Object",
        "$a | ForEach-Object { [PSCustomObject]@{ Of = $_ } } | Sort-Object Of | ForEach-Object Of",
        "$l = [System.Collections.ArrayList]$a; $l.Sort(); $l",
        "[array]::Sort($a); $a",
        "$a | Group-Object | ForEach-Object Name",
    ] {
        let printed = lines(&format!("{made}; {sort}"));
        assert!(printed.contains(&format!("|{sorted}|")), "{sort}: {printed}");
        assert!(printed.contains("|9|9 x"), "{sort}: {printed}");
    }
    assert_eq!(lines("10, 9, '5x' | Sort-Object"), "10|5x|9");
    assert_eq!(lines("'5x', 10, 9 | Sort-Object"), "10|5x|9");
    assert_eq!(lines("10, 9, 9.5, 100L | Sort-Object"), "9|9.5|10|100");
}

/// So many places are more than any number has, and than the formatting of Rust takes.
#[test]
fn a_format_may_have_any_number_of_places() {
    for (format, length) in [
        ("(Get-Date).ToString('y' * 70000)", 70_000),
        ("(1).ToString('0' * 70000)", 70_000),
        ("(1.5).ToString('0.' + '0' * 70000)", 70_002),
        ("[timespan]::FromDays(1).ToString('d' * 70000)", 70_000),
        ("([PSCustomObject]@{ Name = 'x' * 70000 } | Format-Wide -AutoSize | Out-String).Trim()", 70_000),
    ] {
        assert_eq!(lines(&format!("({format}).Length")), length.to_string(), "{format}");
    }
    assert_eq!(lines("(0.5).ToString('0.' + '0' * 1200).TrimEnd('0')"), "0.5");
}

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

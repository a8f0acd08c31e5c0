use super::super::Word;
use super::{lines, run_with};

#[test]
fn expressions_yield_what_powershell_documents() {
    for (script, expected) in [
        ("1 + 2 * 3", "7"),
        ("'a' + 1", "a1"),
        ("7 / 2; 6 / 2; 7 % 3", "3.5|3|1"),
        ("[int]::MaxValue + 1", "2147483648"),
        ("'ABC' -eq 'abc'; 'ABC' -ceq 'abc'", "True|False"),
        ("1, 2, 3 -gt 1", "2|3"),
        ("@(1, 2, 3) -contains 2; 2 -in 1, 2; 5 -notin 1, 2", "True|True|True"),
        ("'meg@contoso.com' -like '*@CONTOSO.com'", "True"),
        ("if ('a1b' -match '(\\d)') { $Matches[1] }", "1"),
        ("'a-b-c' -split '-'; 'a,b' -join ';'; ('a','b') -join ';'", "a|b|c|a,b|a;b"),
        ("'John Smith' -replace '(\\w+) (\\w+)', '$2, $1'", "Smith, John"),
        ("'{0:N2} of {1}' -f 1234.5, 'x'", "1,234.50 of x"),
        ("1..4; -1..1", "1|2|3|4|-1|0|1"),
        ("$x = @{ a = 1; B = 2 }; $x.b; $x['A']; $x.Count", "2|1|2"),
        ("$a = 1, 2, 3; $a[0]; $a[-1]; $a[0, 2]; $a[5]; $a.Count", "1|3|1|3|3"),
        ("\"$(1 + 1) $(@(1, 2)) ${home}x\"", "2 1 2 x"),
        ("$s = 'text'; \"$s.Length $($s.Length) $s[0]\"", "text.Length 4 text[0]"),
        ("$null -eq $undefined; @($null).Count; @().Count", "True|1|0"),
        (
            "[string]$true; [bool]'x'; [int]'5' + 1; [datetime]'2026-11-24' -gt [datetime]'2026-01-01'",
            "True|True|6|True",
        ),
        ("(Get-Date '2026-11-24').AddDays(7).ToString('yyyy-MM-dd')", "2026-12-01"),
        ("([datetime]'2026-11-24' - [datetime]'2026-11-01').Days", "23"),
        ("$x = 5; $x += 2; $x *= 2; $x", "14"),
        ("$i = 0; $i++; ++$i; $i; $j = $i++; $j; $i", "2|2|3"),
        ("$a, $b, $c = 1, 2, 3, 4; $a; $c.Count", "1|2"),
        ("$x = $null; $x ?? 'y'; $x ??= 3; $x; $true ? 'a' : 'b'", "y|3|a"),
        ("@{ a = 1 }.GetEnumerator() | ForEach-Object { \"$($_.Key)=$($_.Value)\" }", "a=1"),
        ("$o = [PSCustomObject]@{ N = 1; M = 'x' }; $o.N; \"$o\"", "1|@{N=1; M=x}"),
        (
            "'a,b;c'.Split(',;'.ToCharArray()).Count; ' x '.Trim(); 'abc'.Substring(1); 'abc'.IndexOf('c')",
            "3|x|bc|2",
        ),
        ("(1, 2, 3).Where({ $_ -gt 1 }).Count; (1, 2).ForEach({ $_ * 2 })", "2|2|4"),
        ("$l = [System.Collections.Generic.List[object]]::new(); $l.Add(1); $l.Add(2); $l.Count", "2"),
        ("$l = New-Object System.Collections.ArrayList; [void]$l.Add('x'); $l.Count", "1"),
        ("[math]::Round(2.5); [math]::Round(1.005 * 100, 1); [math]::Max(1, 2)", "2|100.5|2"),
        ("5GB; 1KB", "5368709120|1024"),
        ("0.1 + 0.2; 1e3; 1.0", "0.30000000000000004|1000|1"),
        ("!$true; -not 0; -not 'x'", "False|True|False"),
        ("1 -is [int]; 'x' -is [string]; '5' -as [int]; ('x' -as [int]) -eq $null", "True|True|5|True"),
        ("$x = if ($true) { 'yes' } else { 'no' }; $x", "yes"),
        ("$r = foreach ($i in 1..3) { $i * 2 }; $r -join ','", "2,4,6"),
        ("$env:HOME", "/home/meg"),
        ("@'\nline $x\n'@", "line $x"),
        ("'b', 'A', 'c' | Sort-Object; 3, 10, 2 | Sort-Object -Descending", "A|b|c|10|3|2"),
        ("(Get-Date).Year; [datetime]::UtcNow.Kind", "2026|Utc"),
        ("$m = 'one', 'two'; $m.ToUpper() -join ','; $m.Length", "ONE,TWO|2"),
        ("[regex]::Match('foobar', '(?<=foo)(b)ar').Groups[1].Value", "b"),
        ("[regex]::Matches('a1 b2', '(?<=\\s)(\\w)(\\d)').Groups[2].Value", "2"),
        ("[regex]::IsMatch('foobar', '(?<=foo)bar'); [regex]::Match('x', 'y').Success", "True|False"),
        (
            "try { 1 -bor 'x' } catch { 'text' }; try { 1 -bor (Get-Date) } catch { $_.Exception.Message }",
            "text|`-bor` cannot be applied to System.Int32 and System.DateTime.",
        ),
        (
            "try { 1 -shl @{} } catch { $_.Exception.Message }",
            "`-shl` cannot be applied to System.Int32 and System.Collections.Hashtable.",
        ),
    ] {
        assert_eq!(lines(script), expected, "{script}");
    }
}

#[test]
fn statements_do_what_powershell_documents() {
    for (script, expected) in [
        ("for ($i = 0; $i -lt 3; $i++) { $i }", "0|1|2"),
        ("$i = 0; while ($true) { $i++; if ($i -eq 2) { continue }; if ($i -gt 3) { break }; $i }", "1|3"),
        ("$n = 3; do { $n; $n-- } while ($n -gt 1); do { $n++ } until ($n -ge 3); $n", "3|2|3"),
        (
            ":outer foreach ($a in 1..3) { foreach ($b in 1..3) { if ($b -eq 2) { continue outer }; \"$a$b\" } }",
            "11|21|31",
        ),
        ("switch ('b') { 'a' { 1 } 'B' { 2 } default { 3 } }", "2"),
        ("switch -Wildcard ('abc', 'xyz') { 'a*' { 'A' } '*z' { 'Z' } }", "A|Z"),
        ("switch (5) { { $_ -gt 3 } { 'big' } 5 { 'five' } }", "big|five"),
        ("switch -Regex ('a1') { '\\d' { 'digit'; break } '.' { 'any' } }", "digit"),
        ("function Add($a, $b = 10) { $a + $b }; Add 1; Add 1 2; Add -b 5 -a 1", "11|3|6"),
        (
            "function F { param([switch]$On, [string[]]$Names) \"$On $($Names.Count)\" }; F -On -Names a, b; F",
            "True 2|False 0",
        ),
        ("function G { process { $_ * 2 } }; 1..3 | G", "2|4|6"),
        ("function H { foreach ($i in $input) { $i } }; 1..2 | H", "1|2"),
        ("function R { return 5; 6 }; R", "5"),
        ("function Args { $args.Count }; Args 1 2 3", "3"),
        ("$x = 1; function S { $x = 2; $script:x = 3; $x }; S; $x", "2|3"),
        ("& { param($a) $a * 2 } 4; $b = { 'block' }; & $b; . { $dotted = 7 }; $dotted", "8|block|7"),
        ("try { throw 'boom' } catch { \"caught $_\" } finally { 'done' }", "caught boom|done"),
        ("try { 1 / 0 } catch { $_.Exception.Message }", "Attempted to divide by zero."),
        ("try { try { throw 'in' } finally { 'f' } } catch { $_.Exception.Message }", "f|in"),
        ("try { throw 'a' } catch { try { throw 'b' } catch { \"$_\" }; \"$_\" }", "b|a"),
        ("$x = 1; { $x = 2 } | Out-Null; $x", "1"),
        ("1..5 | ForEach-Object { if ($_ -eq 2) { return }; $_ } | Select-Object -First 2", "1|3"),
        (
            "function P { 1..3 | ForEach-Object { $_ } }; $y = 'o'; P | ForEach-Object { $y += $_ }; $y",
            "o123",
        ),
        ("'x' | ForEach-Object { $_ | ForEach-Object { \"$_$_\" }; $_ }", "xx|x"),
        ("[int]$n = '5'; $n + 1; $n = '7'; $n + 1", "6|8"),
        ("$h = @{ A = 1 }; function T($A) { $A }; T @h", "1"),
        (
            "$p = @{ Property = 'N'; Descending = $true }; [pscustomobject]@{N=1}, [pscustomobject]@{N=2} | Sort-Object @p | ForEach-Object N",
            "2|1",
        ),
        ("$a = @(); $a += 1; $a += 2, 3; $a.Count", "3"),
        (
            "$o = [pscustomobject]@{ A = 1 }; $o.A = 5; $o | Add-Member -NotePropertyName B -NotePropertyValue 6; $o.A + $o.B",
            "11",
        ),
        ("exit", ""),
    ] {
        assert_eq!(lines(script), expected, "{script}");
    }
}

#[test]
fn parameters_of_a_script_come_from_the_command_line() {
    let script = "param([Parameter(Mandatory)][string]$Name, [int]$Days = 30, [switch]$All, [string[]]$Tags)\n\"$Name $($Days + 1) $All $($Tags.Count)\"";
    let name = |name: &str, value: Option<&str>| Word::Name(name.to_owned(), value.map(str::to_owned));
    let value = |text: &str| Word::Value(text.to_owned());
    for (words, out, exit) in [
        (vec![name("Name", None), value("x")], "x 31 False 0\n", 0),
        (vec![value("x"), value("5"), name("all", None)], "x 6 True 0\n", 0),
        (
            vec![name("Na", Some("a, b")), name("Tags", None), value("p,q"), name("All", Some("$false"))],
            "a, b 31 False 2\n",
            0,
        ),
        (vec![], "", 2),
        (vec![name("Name", None), value("x"), name("Days", None), value("many")], "", 2),
        (vec![name("Nothing", None), value("x")], "", 2),
    ] {
        let left = run_with(script, &words, |_| {});
        assert_eq!((left.out.as_str(), left.exit), (out, exit), "{words:?} {left:?}");
    }
}

/// `about_Arrays`, `about_Assignment_Operators`: an array is never changed by `+=`, whoever holds it.
#[test]
fn a_list_that_grows_is_nobody_elses() {
    for (script, expected) in [
        ("$a = 1, 2; $b = $a; $a += 3; $a.Count; $b.Count", "3|2"),
        ("$a = 1, 2; $h = @{ x = $a }; $a += 3; $h.x.Count; $h.x += 4; $h.x.Count; $a.Count", "2|3|3"),
        ("$a = 1, 2; $a += $a; $a -join ','", "1,2,1,2"),
        (
            "$a = @(); foreach ($i in 1..3) { $a += $i }; $a += $null; $a += , (1, 2); $a.Count; $a[4].Count",
            "5|2",
        ),
        ("$a = 1, 2; foreach ($i in $a) { $a += $i }; $a -join ','", "1,2,1,2"),
        ("$a = 1, 2; $a | ForEach-Object { $a += $_ }; $a -join ','", "1,2,1,2"),
        ("$a = 1, 2; function F { $a += 3; $a.Count }; F; $a.Count; F", "3|2|3"),
        ("$a = 1, 2; function F { $script:a += 3 }; F; F; $a.Count", "4"),
        ("$a = 1, 2; $b = ($a += 3); $a += 4; $b.Count; $a.Count", "3|4"),
        ("[int[]]$a = 1, 2; $a += '3'; $a[2] + 1", "4"),
        ("$a = [System.Collections.ArrayList]@(1, 2); $b = $a; $b += 3; $a.Count; $b.Count", "2|3"),
    ] {
        assert_eq!(lines(script), expected, "{script}");
    }
    let many = "$a = @(); for ($i = 0; $i -lt 100000; $i++) { $a += $i }; $a.Count";
    assert_eq!(lines(many), "100000");
}

use super::{lines, run, run_with};

const CONNECT: &str = "Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com\n";

fn connected(script: &str) -> String {
    lines(&format!("{CONNECT}{script}"))
}

#[test]
fn rows_of_the_service_go_through_pipelines() {
    for (script, expected) in [
        ("Get-Mailbox | Where-Object { $_.Size -gt 5 } | ForEach-Object { $_.DisplayName }", "Meg|Ann"),
        ("Get-Mailbox | Where-Object IsShared | Select-Object -ExpandProperty Identity", "joe"),
        ("Get-Mailbox | Where Size -ge 10 | Sort Size -Descending | % Identity", "ann|meg"),
        ("(Get-Mailbox).Count; (Get-Mailbox -Identity meg).DisplayName", "3|Meg"),
        ("'meg', 'joe' | Get-Mailbox | % DisplayName", "Meg|Joe"),
        ("Get-Mailbox | Get-Mailbox | Measure-Object | % Count", "3"),
        ("(Get-Mailbox meg).WhenCreated.ToString('yyyy-MM-dd'); \"$(Get-Mailbox meg)\"", "2026-01-02|meg"),
        (
            "$m = Get-Mailbox -Identity meg; $m.Groups -join ','; $m.Groups.Count; $m.Nothing -eq $null",
            "a,b|2|True",
        ),
        (
            "Get-Mailbox | Select Identity, @{n='Double';e={$_.Size * 2}} | ConvertTo-Csv",
            "\"Identity\",\"Double\"|\"meg\",\"20\"|\"joe\",\"6\"|\"ann\",\"40\"",
        ),
        ("(Get-Mailbox | Measure-Object Size -Sum -Average -Maximum).Sum", "33"),
        (
            "(Get-Mailbox | Group-Object IsShared | Sort Name | % { \"$($_.Name)=$($_.Count)\" }) -join ' '",
            "False=2 True=1",
        ),
        (
            "Get-Mailbox | Select -First 1 | ConvertTo-Json -Compress",
            "{\"Identity\":\"meg\",\"DisplayName\":\"Meg\",\"Size\":10,\"IsShared\":false,\"Groups\":[\"a\",\"b\"],\"WhenCreated\":\"2026-01-02T03:04:05Z\"}",
        ),
    ] {
        assert_eq!(connected(script), expected, "{script}");
    }
}

#[test]
fn pages_are_fetched_as_they_are_needed() {
    let left = run(&format!("{CONNECT}Get-Mailbox | Select-Object -First 1 | Out-Null"));
    assert_eq!(left.calls, ["Get-Mailbox", "page"]);
    let left = run(&format!(
        "{CONNECT}Get-Mailbox | ForEach-Object {{ Write-Host $_.Identity; Get-Mailbox -Identity $_.Identity }} | Out-Null"
    ));
    assert_eq!(left.calls[0..3], ["Get-Mailbox", "page", "Get-Mailbox -Identity Text(\"meg\")"]);
}

#[test]
fn objects_are_shown_as_powershell_shows_them() {
    for (script, expected) in [
        (
            "[pscustomobject]@{ Name = 'a'; Count = 5 }, [pscustomobject]@{ Name = 'bb'; Count = 10 }",
            "|Name Count|---- -----|a        5|bb      10",
        ),
        ("[pscustomobject]@{ A=1; B=2; C=3; D=4; E='x' }", "|A : 1|B : 2|C : 3|D : 4|E : x"),
        ("[pscustomobject]@{ A = 1 } | Format-List", "|A : 1"),
        ("[pscustomobject]@{ A = 1.5; B = $true; C = 'x' } | Format-Table C, A", "|C    A|-    -|x 1.50"),
        (
            "@{ a = 1 }",
            "|Name                           Value|----                           -----|a                              1",
        ),
        ("'text'; 5; $true; $null; 1.5", "text|5|True|1.5"),
        ("Get-Date '2026-11-24 08:05'", "|Tuesday, November 24, 2026 8:05:00 AM"),
        ("[pscustomobject]@{ A = 1 }; 'after'", "|A|-|1|after"),
        (
            "1, 2 | Measure-Object -Sum",
            "|Count             : 2|Average           : |Sum               : 3|Maximum           : |Minimum           : |StandardDeviation : |Property          : ",
        ),
        ("'a', 'b', 'a' | Group-Object -NoElement", "|Count Name|----- ----|    2 a|    1 b"),
        ("Write-Host 'a' 5 -ForegroundColor Red; Write-Host 'b' -NoNewline; Write-Host", "a 5|b"),
        ("[pscustomobject]@{ A = 1 } | Select-Object A, B | ConvertTo-Json", "{|  \"A\": 1,|  \"B\": null|}"),
        ("(Get-Date '2026-01-01' | Out-String).Trim()", "Thursday, January 1, 2026 12:00:00 AM"),
        ("1..3 | Format-Wide", "|1                                                           2|3"),
    ] {
        assert_eq!(lines(script), expected, "{script}");
    }
}

#[test]
fn files_are_written_and_read() {
    let left = run("[pscustomobject]@{ A = 'x, y'; B = $null }, [pscustomobject]@{ A = 'q\"'; B = 2 } | Export-Csv out.csv -NoTypeInformation
        Import-Csv out.csv | ForEach-Object { \"$($_.A)/$($_.B)\" }
        'one', 'two' | Out-File list.txt; 'three' | Add-Content list.txt
        (Get-Content list.txt).Count; Get-Content list.txt -Raw
        'x' > plain.txt; 'y' >> plain.txt; Test-Path plain.txt; Test-Path none.txt");
    assert_eq!(left.files["out.csv"], "\"A\",\"B\"\n\"x, y\",\n\"q\"\"\",\"2\"\n");
    assert_eq!(left.files["plain.txt"], "x\ny\n");
    assert_eq!(left.out, "x, y/\nq\"/2\n3\none\ntwo\nthree\n\nTrue\nFalse\n");
}

#[test]
fn objects_are_chosen_ordered_and_compared() {
    for (script, expected) in [
        ("1..10 | Select -Skip 2 -First 3", "3|4|5"),
        ("1..10 | Select -Last 2", "9|10"),
        ("1, 2, 2, 1 | Select -Unique", "1|2"),
        ("1..3 | Select -Index 0, 2", "1|3"),
        ("(1, 2, 3 | Where-Object { $_ -ne 2 }) -join ','", "1,3"),
        ("Compare-Object (1, 2, 3) (2, 3, 4) | % { \"$($_.InputObject)$($_.SideIndicator)\" }", "4=>|1<="),
        ("'{\"a\":[1,2],\"b\":{\"c\":\"x\"}}' | ConvertFrom-Json | % { $_.a.Count; $_.b.c }", "2|x"),
        ("'a;b', '1;2' | ConvertFrom-Csv -Delimiter ';' | % { $_.b }", "2"),
        ("1..3 | Tee-Object -Variable t | Out-Null; $t.Count", "3"),
        (
            "[pscustomobject]@{ A = '<x>' } | ConvertTo-Html -Fragment",
            "<table>|<colgroup><col/></colgroup>|<tr><th>A</th></tr>|<tr><td>&lt;x&gt;</td></tr>|</table>",
        ),
        ("Join-Path '/tmp' 'x.csv'; Split-Path '/a/b.txt' -Leaf", "/tmp/x.csv|b.txt"),
        ("(New-TimeSpan -Days 1 -Hours 2).TotalHours; Start-Sleep -Seconds 5; (Get-Date).Second", "26|5"),
        ("Get-AutomationVariable -Name Org", "contoso.onmicrosoft.com"),
        (
            "Import-Module ExchangeOnlineManagement; (Get-Module -ListAvailable ExchangeOnlineManagement).Name",
            "ExchangeOnlineManagement",
        ),
    ] {
        assert_eq!(lines(script), expected, "{script}");
    }
}

/// What of a script's calls reaches the service, where three go into one request.
fn together(script: &str) -> super::Left {
    run_with(&format!("{CONNECT}{script}"), &[], |memory| memory.together = Some(3))
}

#[test]
fn identities_of_a_pipeline_are_sent_together_and_come_in_their_order() {
    for (script, out, requests) in [
        ("'meg', 'joe' | Get-Mailbox | % DisplayName", "Meg|Joe", "2"),
        ("'meg', 'joe', 'ann', 'meg' | Get-Mailbox | % DisplayName", "Meg|Joe|Ann|Meg", "3"),
        ("Get-Mailbox | Get-Mailbox | % DisplayName", "Meg|Joe|Ann", "3"),
        // What follows has enough after the first: the second request is never made.
        (
            "'ann', 'joe', 'meg', 'meg', 'meg' | Get-Mailbox | Select-Object -First 1 -ExpandProperty Identity",
            "ann",
            "3",
        ),
        // A block is carried out for each value in its turn, and so is what it calls.
        ("'meg', 'joe' | % { Get-Mailbox $_ } | % DisplayName", "Meg|Joe", ""),
    ] {
        let left = together(script);
        let made =
            left.calls.iter().filter_map(|call| call.strip_suffix(" together")).collect::<Vec<_>>().join("|");
        assert_eq!(
            (left.out.trim_end().replace('\n', "|").as_str(), made.as_str()),
            (out, requests),
            "{left:?}"
        );
    }
}

#[test]
fn an_identity_that_is_missing_ends_a_pipeline_before_anything_of_it_is_sent() {
    for script in [
        "'meg', $null, 'joe' | Get-Mailbox",
        "$none = $null; @('meg', $none) | Get-Mailbox",
        "[pscustomobject]@{ Identity = 'meg' }, [pscustomobject]@{ Identity = $null } | Get-Mailbox",
        "[pscustomobject]@{ Identity = 'meg' }, [pscustomobject]@{ Identity = '' } | Set-Mailbox -Office x",
    ] {
        let left = together(&format!("{script}; 'after'"));
        assert_eq!((left.out.as_str(), left.exit), ("", 2), "{script}: {left:?}");
        assert!(
            !left.calls.iter().any(|call| call == "page" || call.ends_with("together")),
            "{script}: {left:?}"
        );
    }
}

#[test]
fn one_of_several_that_fails_is_told_of_and_the_others_come() {
    let left = together("'meg', 'nobody', 'joe' | Get-Mailbox | % DisplayName; $Error.Count");
    assert_eq!((left.out.as_str(), left.told.len(), left.exit), ("Meg\nJoe\n1\n", 1, 0), "{left:?}");
    let left = together("'meg', 'nobody', 'joe' | Get-Mailbox -ErrorAction Stop | % DisplayName; 'after'");
    assert_eq!((left.out.as_str(), left.exit), ("Meg\n", 5), "{left:?}");
    let left = together(
        "'nobody', 'joe' | Get-Mailbox -ErrorAction SilentlyContinue -ErrorVariable e | % DisplayName; $e.Count",
    );
    assert_eq!((left.out.as_str(), left.told.len()), ("Joe\n1\n", 0), "{left:?}");
}

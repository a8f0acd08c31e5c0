use crate::language;

fn objections(text: &str) -> Vec<(usize, usize, String)> {
    let block = language::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    super::objections(&block, text).into_iter().map(|found| (found.line, found.column, found.what)).collect()
}

#[test]
fn what_is_carried_out_is_not_objected_to() {
    for text in [
        "Connect-ExchangeOnline -ManagedIdentity -Organization x -ShowBanner:$false\nGet-Mailbox -ResultSize 5 | ft Name -a",
        "function Get-Thing { [CmdletBinding()] param($Days) $Days }\nGet-Thing -Days 3 -ErrorAction Stop",
        "Connect-ExchangeOnline -Prefix EXO -ManagedIdentity -Organization x\nGet-EXOMailbox\nGet-EXOAcceptedDomain",
        "$x.Split(',')[0].Trim(); [math]::Round(1.5, 1); [string]::IsNullOrEmpty($x)",
        "Get-Mailbox -ErrorAction SilentlyContinue 2>$null > out.txt",
        "Get-Mailbox 2>&1 | Out-Null; Get-Mailbox > out.txt 2>&1",
        "try { } catch [System.Exception] { }",
        "$list = [System.Collections.Generic.List[object]]::new(); $list.Add(1)",
        "& { 1 }; & $block 2",
        "$p = @{ Identity = 'x' }; Get-Mailbox @p; $p = @{ Property = 'Name' }; Get-Mailbox | Sort-Object @p",
        "Get-Mailbox -Filter { RecipientTypeDetails -eq 'SharedMailbox' -and (Alias -like 'a*') }",
    ] {
        assert_eq!(objections(text), [], "{text}");
    }
}

#[test]
fn what_is_not_carried_out_is_named_with_its_place() {
    for (text, line, column, what) in [
        ("$x = 1\nGet-Nothing", 2, 1, "there is no command `Get-Nothing` here"),
        ("Get-Mailbox | Where-Objct { $_ }", 1, 15, "there is no command `Where-Objct` here"),
        ("Get-Mailbox -Idntity x", 1, 13, "Get-Mailbox has no parameter `-Idntity`"),
        ("Get-Mailbox | Select -Frist 1", 1, 22, "the parameter `-Frist` of Select-Object is not supported"),
        (
            "1..3 | ForEach-Object -Parallel { }",
            1,
            23,
            "the parameter `-Parallel` of ForEach-Object is not supported",
        ),
        ("$x.Frobnicate()", 1, 4, "there is no method `Frobnicate` here"),
        ("[System.Net.WebClient]::new()", 1, 1, "the type `[System.Net.WebClient]` is not supported"),
        ("[math]::Sinh(1)", 1, 1, "`[math]::Sinh` is not supported"),
        (
            "try { } catch [System.Net.WebException] { }",
            1,
            15,
            "`catch [System.Net.WebException]` is not supported: errors here are [System.Exception]",
        ),
        ("$env:X = 1", 1, 1, "setting a variable of the environment is not supported"),
        ("$WhatIfPreference = $true", 1, 1, "setting `$WhatIfPreference` is not supported"),
        ("Get-Mailbox 3>&1", 1, 13, "only errors can be joined to the data, with 2>&1"),
        ("Get-Mailbox *>&1", 1, 13, "only errors can be joined to the data, with 2>&1"),
        (
            "New-Mailbox -Password $p",
            1,
            13,
            "`-Password` of New-Mailbox takes a secret, which cannot be sent",
        ),
        ("function f($a) { }\nf -b 1", 2, 3, "the function f has no parameter `-b`"),
        ("param([ValidateScript({ $_ })]$x)", 1, 8, "the attribute `ValidateScript` is not supported"),
        (
            "$p = @{ Identity = 'x'; Idnetity = 1 }\nGet-Mailbox @p",
            1,
            25,
            "Get-Mailbox has no parameter `-Idnetity`",
        ),
        ("Connect-IPPSSession", 1, 1, "Connect-IPPSSession is not supported"),
        ("& './other.ps1'", 1, 1, "there is no command `./other.ps1` here"),
        ("$using:x", 1, 1, "`$using:` is not supported"),
        (
            "if ($false) { foreach ($i in 1) { @{ a = \"$(Get-Nothing)\" } } }",
            1,
            45,
            "there is no command `Get-Nothing` here",
        ),
    ] {
        assert_eq!(objections(text), [(line, column, what.to_owned())], "{text}");
    }
}

#[test]
fn where_the_password_of_a_certificate_is_given_is_said() {
    let block =
        language::parse("Connect-ExchangeOnline -AppId x -CertificateFilePath c.pfx -CertificatePassword $p");
    let found = super::objections(&block.expect("a script"), "");
    let instead = found.first().and_then(|found| found.instead.as_deref()).unwrap_or_default();
    assert!(instead.contains("--certificate-password-file FILE"), "{found:?}");
}

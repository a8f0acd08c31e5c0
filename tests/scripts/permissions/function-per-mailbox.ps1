function Get-Delegate {
    param(
        [string]$Mailbox,
        [string]$Right = 'FullAccess'
    )

    $found = Get-MailboxPermission -Identity $Mailbox | Where-Object {
        $_.AccessRights -contains $Right -and $_.User -notlike 'NT AUTHORITY\*'
    }
    return $found.User
}

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

foreach ($name in 'debra.berger', 'emily.braun') {
    $delegates = @(Get-Delegate -Mailbox $name)
    "{0}: {1} ({2})" -f $name, $delegates.Count, ($delegates -join ', ')
}
# Nothing is found, and the property of nothing is one null: the array has one element.
$none = @(Get-Delegate -Mailbox 'emily.braun' -Right 'DeleteItem')
"with DeleteItem: $($none.Count)"

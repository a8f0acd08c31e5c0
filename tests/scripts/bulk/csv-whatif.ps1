# Try a change of many mailboxes without making it.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$users = Import-Csv -Path ./users.csv
foreach ($user in $users) {
    Set-Mailbox -Identity $user.Mailbox -CustomAttribute1 $user.CostCenter -WhatIf
}
Write-Output "$($users.Count) rows, first cost center '$($users[0].CostCenter)'"

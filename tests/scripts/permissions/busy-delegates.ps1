# Count for every delegate how many mailboxes are open to them, in a hashtable.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com

$count = @{}
Get-Mailbox -ResultSize Unlimited | Get-MailboxPermission | Where-Object { $_.User -like '*@*' } | ForEach-Object {
    $count[$_.User] += 1
}

"Delegates: $($count.Count)"
$count.GetEnumerator() | Where-Object { $_.Value -gt 1 } | Sort-Object -Property Name | ForEach-Object {
    "$($_.Name) opens $($_.Value)"
}

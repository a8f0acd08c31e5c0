param(
    [string]$Mailbox,
    [int]$Limit = 10
)
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$count = (Get-MailboxStatistics -Identity $Mailbox).ItemCount
if ($count -gt $Limit) { "$Mailbox holds $($count - $Limit) too many" } else { "$Mailbox is within $Limit" }

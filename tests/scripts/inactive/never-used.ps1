# Mailboxes come down the pipeline by their Identity.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-Mailbox -ResultSize Unlimited |
    Get-MailboxStatistics |
    Where-Object { $null -eq $_.LastLogonTime } |
    Select-Object DisplayName, ItemCount, TotalItemSize

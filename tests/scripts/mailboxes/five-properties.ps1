# Five chosen properties are shown as a list, four would be a table.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-Mailbox -Identity adele.vance@contoso.com |
    Select-Object DisplayName, Alias, Office, UsageLocation, RecipientTypeDetails
Get-Mailbox -Identity alex.wilber@contoso.com |
    Select-Object DisplayName, Alias, Office, UsageLocation, RecipientTypeDetails

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-JournalRule | ConvertTo-Html -Property Name, Recipient, Enabled -Fragment

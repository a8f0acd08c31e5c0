# The service warns that there are more; the warning goes to standard error.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-Mailbox -ResultSize 3 | Select-Object DisplayName, PrimarySmtpAddress

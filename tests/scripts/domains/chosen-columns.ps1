# Named properties make a table of their own, in which booleans are right-aligned.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-AcceptedDomain | Format-Table Name, Default

# The view is fitted to its content. The last column is empty, so the lines end with the padding of the one before.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-TransportRule

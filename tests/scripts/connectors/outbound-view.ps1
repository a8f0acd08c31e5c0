Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-OutboundConnector

# Characters that take two cells of a terminal count twice.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-DistributionGroup

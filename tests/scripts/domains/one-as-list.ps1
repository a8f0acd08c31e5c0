Connect-ExchangeOnline -ManagedIdentity -Organization 'contoso.onmicrosoft.com'
Get-AcceptedDomain -Identity contoso.com | Format-List Name, DomainType, Default, InitialDomain

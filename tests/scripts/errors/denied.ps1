# The identity has no directory role: the first cmdlet is refused.
$ErrorActionPreference = 'Stop'
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$domains = Get-AcceptedDomain
"domains: $($domains.Count)"

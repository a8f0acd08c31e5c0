Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$domains = Get-AcceptedDomain
Add-Type -AssemblyName System.Web
$domains.Count

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-AcceptedDomain |
    Group-Object -Property DomainType |
    Sort-Object -Property Count -Descending |
    Select-Object Count, Name, @{ Name = 'Domains'; Expression = { $_.Group.DomainName -join '; ' } }

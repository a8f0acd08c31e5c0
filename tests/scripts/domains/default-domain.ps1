<#
    Which domain do new mailboxes get, and which one came with the tenant?
#>
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$domains = Get-AcceptedDomain
$default = $domains | Where-Object { $_.Default }
$initial = $domains | Where-Object { $_.InitialDomain -eq $true }

Write-Output "Domains: $($domains.Count)"
Write-Output "Default: $($default.DomainName)"
Write-Output "Initial: $($initial.DomainName)"
(Get-AcceptedDomain | Where-Object Default).DomainName

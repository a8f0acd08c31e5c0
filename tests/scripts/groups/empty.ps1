Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$empty = Get-DistributionGroup | Where-Object { @(Get-DistributionGroupMember -Identity $_.Identity).Count -eq 0 }
$empty | Select-Object -Property Name, Alias
Write-Output "empty: $($empty.Count)"

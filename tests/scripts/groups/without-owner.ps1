# Three states of an owner list: none, one, several.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
foreach ($group in Get-DistributionGroup) {
    $owners = $group.ManagedBy
    if (-not $owners) {
        Write-Warning "$($group.Alias) has no owner"
    } elseif ($owners.Count -eq 1) {
        "$($group.Alias) belongs to $($owners[0])"
    } else {
        "$($group.Alias) belongs to $($owners.Count): $($owners -join ' and ')"
    }
}

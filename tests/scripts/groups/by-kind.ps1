Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-DistributionGroup | Group-Object GroupType | Sort-Object Count, Name | ForEach-Object {
    $names = $_.Group | Sort-Object Alias | ForEach-Object { $_.Alias }
    "{0} x {1}: {2}" -f $_.Count, $_.Name, ($names -join ', ')
}

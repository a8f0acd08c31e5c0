# A check for a scheduler: the exit code tells how many rules are off.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$off = @(Get-TransportRule | Where-Object State -eq 'Disabled') + @(Get-InboundConnector | Where-Object { -not $_.Enabled })
foreach ($thing in $off) {
    Write-Output "off: $($thing.Name)"
}
if ($off.Count -gt 0) {
    exit $off.Count
}
'all is on'

# Write-Error says something and goes on; throw stops.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$required = 'postmaster', 'abuse'
foreach ($alias in $required) {
    $found = Get-Recipient -Filter "Alias -eq '$alias'"
    if (-not $found) { Write-Error "there is no recipient '$alias'" }
}
'checked'
throw "$($required.Count) recipients are missing"

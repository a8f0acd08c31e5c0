# Every accepted domain should sign its mail, with two keys of 2048 bits.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$configs = @{}
foreach ($config in Get-DkimSigningConfig) {
    $configs[$config.Domain] = $config
}

foreach ($domain in Get-AcceptedDomain) {
    $name = $domain.DomainName
    $dkim = $configs[$name]
    if ($null -eq $dkim) {
        "${name}: no configuration"
    } elseif (-not $dkim.Enabled) {
        "${name}: off ($($dkim.Status))"
    } elseif ($dkim.Selector1KeySize -lt 2048 -or $dkim.Selector2KeySize -lt 2048) {
        "${name}: short key"
    } else {
        "${name}: fine"
    }
}

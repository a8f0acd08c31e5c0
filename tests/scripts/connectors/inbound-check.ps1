Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

foreach ($connector in Get-InboundConnector) {
    $problems = @()
    switch ($connector.ConnectorType) {
        'OnPremises' { if (-not $connector.CloudServicesMailEnabled) { $problems += 'no cloud mail' } }
        'Partner'    { if (-not $connector.RequireTls) { $problems += 'TLS not required' } }
        default      { $problems += "unknown kind $_" }
    }
    if (!$connector.Enabled) { $problems += 'disabled' }

    if ($problems) {
        Write-Warning "$($connector.Name): $($problems -join ', ')"
    } else {
        Write-Output "$($connector.Name): in order"
    }
}

# Require TLS of partners, first as a trial.
param([switch]$Apply)
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$weak = @(Get-InboundConnector | Where-Object { $_.ConnectorType -eq 'Partner' -and -not $_.RequireTls })
foreach ($connector in $weak) {
    if ($Apply) {
        Set-InboundConnector -Identity $connector.Identity -RequireTls $true
    } else {
        Set-InboundConnector -Identity $connector.Identity -RequireTls $true -WhatIf
    }
}
"$($weak.Count) connector(s), applied: $Apply"
(Get-InboundConnector -Identity 'Scanner floor 2').RequireTls

$ErrorActionPreference = 'Stop'
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
Get-InboundConnector |
    Where-Object { $_.ConnectorType -eq 'Partner' -and -not $_.RequireTls } |
    ForEach-Object { Set-InboundConnector -Identity $_.Name -RequireTls $true -WhatIf }
(Get-InboundConnector -Identity 'Scanner floor 2').RequireTls

# One object that holds the whole report. Nesting deeper than two levels needs -Depth.
param([string]$Path = 'tenant.json')
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$report = [ordered]@{
    organization = 'contoso.onmicrosoft.com'
    counts       = [ordered]@{
        domains = @(Get-AcceptedDomain).Count
        groups  = @(Get-DistributionGroup).Count
    }
    connectors   = @(Get-OutboundConnector | ForEach-Object {
        [ordered]@{
            name    = $_.Name
            enabled = $_.Enabled
            to      = $_.RecipientDomains
            hosts   = $_.SmartHosts
        }
    })
}
$report | ConvertTo-Json -Depth 5 | Set-Content -Path $Path

$back = Get-Content -Path $Path -Raw | ConvertFrom-Json
"$($back.organization) has $($back.counts.domains) domains and $($back.connectors.Count) outbound connectors"
"the second goes to $($back.connectors[1].to -join ' and ')"

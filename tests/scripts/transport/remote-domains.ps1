# Automatic forwarding to everybody outside is what attackers like.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-RemoteDomain | Select-Object DomainName, AutoForwardEnabled, AllowedOOFType | Format-Table
$open = Get-RemoteDomain | Where-Object { $_.AutoForwardEnabled -and $_.DomainName -eq '*' }
if ($open) {
    Write-Warning "Automatic forwarding is open to all domains ($($open.Name))."
}

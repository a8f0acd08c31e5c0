# Sort the senders of all connectors into networks and single hosts.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$addresses = Get-InboundConnector | ForEach-Object { $_.SenderIPAddresses }
$networks = @()
$hosts = @()
foreach ($address in $addresses) {
    if ($address -match '^(?<net>[\d.]+)/(?<bits>\d+)$') {
        $networks += "$($Matches.net) with $($Matches['bits']) bits"
    } else {
        $hosts += $address
    }
}
"networks: $($networks -join ', ')"
"hosts: $($hosts.Count), from $($hosts[0]) to $($hosts[-1])"

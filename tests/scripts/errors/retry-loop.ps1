# The same with nothing but a loop.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$candidates = 'nobody', 'ghost', 'debra.berger', 'adele.vance'
$index = 0
$found = $null
while (-not $found -and $index -lt $candidates.Count) {
    $name = $candidates[$index]
    $index += 1
    try {
        $found = Get-Mailbox -Identity $name -ErrorAction Stop
    } catch {
        Write-Output "$name failed, $($candidates.Count - $index) left"
        continue
    }
    Write-Output "$name worked"
}
$found.DisplayName

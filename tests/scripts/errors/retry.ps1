# Try an unsteady operation until it works, a few times at most.
function Get-Unsteady {
    param([string]$Identity, [int]$Attempt)
    if ($Attempt -lt 3) { throw "not yet ($Attempt)" }
    Get-Mailbox -Identity $Identity -ErrorAction Stop
}

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

foreach ($identity in 'adele.vance', 'nobody') {
    $mailbox = $null
    for ($try = 1; $try -le 4; $try++) {
        try {
            $mailbox = Get-Unsteady -Identity $identity -Attempt $try
            break
        } catch {
            Write-Warning "$identity, attempt ${try}: $($_.Exception.Message)"
            Start-Sleep -Milliseconds 1
        }
    }
    if ($mailbox) { "$($mailbox.DisplayName) at attempt $try" } else { "$identity given up, `$try is $try" }
}

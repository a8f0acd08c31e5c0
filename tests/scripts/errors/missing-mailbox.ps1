Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

foreach ($name in 'adele.vance', 'nobody', 'alex.wilber') {
    try {
        $mailbox = Get-Mailbox -Identity $name -ErrorAction Stop
        "$name is $($mailbox.DisplayName)"
    } catch {
        if ($_.Exception.Message -match "object '(?<what>[^']+)' couldn't be found") {
            "$name is missing: Exchange does not know '$($Matches.what)'"
        } else {
            throw
        }
    } finally {
        "done with $name"
    }
}

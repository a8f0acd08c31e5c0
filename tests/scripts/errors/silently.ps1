# -ErrorAction SilentlyContinue: no text, no exception, no object.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$mailbox = Get-Mailbox -Identity ghost@contoso.com -ErrorAction SilentlyContinue
if (-not $mailbox) {
    Write-Output 'no such mailbox'
}
"errors remembered: $($Error.Count)"
try {
    Get-Mailbox -Identity ghost@contoso.com -ErrorAction Ignore
    'the next line of the try block runs'
} catch {
    'not reached'
}

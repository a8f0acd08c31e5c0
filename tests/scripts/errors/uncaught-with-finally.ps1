Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
try {
    'trying'
    Set-Mailbox -Identity nobody@contoso.com -CustomAttribute1 'x' -ErrorAction Stop
    'not reached'
} finally {
    Disconnect-ExchangeOnline -Confirm:$false
    'disconnected'
}
'not reached either'

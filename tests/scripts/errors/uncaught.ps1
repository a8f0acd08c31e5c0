# An error that nobody catches ends the script with the exit code of its cause.
$ErrorActionPreference = 'Stop'
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
'before'
Get-Mailbox -Identity nobody@contoso.com
'after'

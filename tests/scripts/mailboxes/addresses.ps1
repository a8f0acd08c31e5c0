# Proxy addresses carry their kind before the colon; -like and -replace do not care about case.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$mailbox = Get-Mailbox -Identity adele.vance
$smtp = $mailbox.EmailAddresses | Where-Object { $_ -like 'smtp:*' } | ForEach-Object { $_ -replace '^SMTP:' }
$others = $mailbox.EmailAddresses.Count - $smtp.Count
$smtp
"and $others of other kinds: $(($mailbox.EmailAddresses -notlike 'smtp:*' | ForEach-Object { $_.Split(':')[0] }) -join ', ')"

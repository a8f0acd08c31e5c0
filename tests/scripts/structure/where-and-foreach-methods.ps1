# The methods of arrays, which older scripts use for their speed.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$mailboxes = Get-Mailbox -ResultSize Unlimited
$long = $mailboxes.Where({ $_.DisplayName.Length -ge 15 })
"long names: $($long.Count)"
$long.ForEach({ $_.DisplayName.ToUpper() })
$mailboxes.Where({ $_.Office -eq 'London 4' })[0].Alias

# -Filter is decided by Exchange, Where-Object here: both find the same.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$prefix = 'A'
$there = Get-Mailbox -Filter "DisplayName -like '$prefix*'"
$here = Get-Mailbox | Where-Object { $_.DisplayName -like "$prefix*" }
"there: $($there.DisplayName -join ', ')"
"here:  $($here.DisplayName -join ', ')"
"same:  $(($there.Alias -join ',') -eq ($here.Alias -join ','))"

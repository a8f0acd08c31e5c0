Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$rules = Get-TransportRule -ResultSize Unlimited | Sort-Object -Property Priority -Descending
$rules | Format-Table Priority, Name, State, Mode -AutoSize
$enabled = ($rules | Where-Object { $_.State -eq 'Enabled' }).Count
Write-Output ("{0} rules, {1} enabled, {2} disabled" -f $rules.Count, $enabled, ($rules.Count - $enabled))

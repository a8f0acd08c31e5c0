Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-UnifiedGroup | ForEach-Object { $_.DisplayName } | Tee-Object -FilePath teams.txt | ForEach-Object { "team: $_" }
'first', 'second' | Tee-Object -Variable kept | Out-Null
"kept $($kept.Count): $kept"

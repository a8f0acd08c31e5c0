# Write-Host is for the reader, Write-Verbose for nobody unless asked; only the rest is the result.
param([string]$Prefix = 'a')
$VerbosePreference = 'SilentlyContinue'
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
function Find-Mailbox([string]$Start) {
    Write-Host "looking for $Start*"
    Write-Verbose "this is not shown"
    Get-Mailbox -ResultSize Unlimited | Where-Object { $_.Alias.StartsWith($Start) }
}
$found = Find-Mailbox -Start $Prefix
Write-Host 'found' $found.Count -ForegroundColor Green
Write-Host ('-' * 10)
$found[0].Alias
Write-Host 'a', 'b' -Separator '+' -NoNewline
Write-Host ' done'

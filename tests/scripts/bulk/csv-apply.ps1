param([string]$Path = 'users.csv')
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

Import-Csv -Path $Path | Where-Object { $_.CostCenter } | ForEach-Object {
    Set-Mailbox -Identity $_.Mailbox -CustomAttribute1 $_.CostCenter -CustomAttribute2 ('room ' + $_.Room)
}

Get-Mailbox -ResultSize Unlimited |
    Where-Object { $_.CustomAttribute1 -ne '' } |
    Format-Table DisplayName, CustomAttribute1, CustomAttribute2

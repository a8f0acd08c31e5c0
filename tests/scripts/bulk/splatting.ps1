# What is common to all stands in one table, what differs is added to it in the loop.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$common = @{
    CustomAttribute10 = 'project falcon'
    ErrorAction       = 'Stop'
}
foreach ($name in @('bianca.pisani', 'isaiah.langer')) {
    $parameters = $common + @{ Identity = $name }
    $parameters['CustomAttribute11'] = $name.Split('.')[0].ToUpper()
    Set-Mailbox @parameters
}

$filter = @{ Filter = "CustomAttribute10 -eq 'project falcon'"; ResultSize = 'Unlimited' }
Get-Mailbox @filter | ForEach-Object { "$($_.Alias): $($_.CustomAttribute11)" }
"$($common.Count) common settings"

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$group = 'All Employees'
Get-DistributionGroupMember -Identity $group |
    Where-Object { $_.RecipientType -eq 'UserMailbox' } |
    ForEach-Object { Remove-DistributionGroupMember -Identity $group -Member $_.PrimarySmtpAddress -Confirm:$false -WhatIf }
"still $((Get-DistributionGroupMember $group).Count) members"

# Add whoever is missing, and nobody twice.
param([string]$Group = 'Finance Approvers')
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$present = Get-DistributionGroupMember -Identity $Group | ForEach-Object { $_.PrimarySmtpAddress }
foreach ($address in Get-Content ./members.txt) {
    $address = $address.Trim()
    if ($address -eq '' -or $address.StartsWith('#')) { continue }
    if ($present -contains $address) {
        "$address is a member already"
    } else {
        Add-DistributionGroupMember -Identity $Group -Member $address
        "$address added"
    }
}
(Get-DistributionGroupMember -Identity $Group).Count

param([string]$OutFile = 'members.csv')

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$rows = foreach ($group in Get-DistributionGroup -ResultSize Unlimited) {
    foreach ($member in Get-DistributionGroupMember -Identity $group.Identity -ResultSize Unlimited) {
        [PSCustomObject]@{
            Group  = $group.DisplayName
            Member = $member.DisplayName
            Type   = $member.RecipientType
            Mail   = $member.PrimarySmtpAddress
        }
    }
}
$rows | Export-Csv -Path $OutFile -NoTypeInformation -Encoding utf8
Get-Content -Path $OutFile | Select-Object -First 1
"rows: $($rows.Count)"

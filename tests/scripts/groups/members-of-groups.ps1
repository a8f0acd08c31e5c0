# Groups within groups: a function that calls itself.
function Expand-Group {
    param([string]$Identity, [int]$Depth = 0)

    foreach ($member in Get-DistributionGroupMember -Identity $Identity) {
        $indent = '  ' * $Depth
        "$indent$($member.DisplayName)"
        if ($member.RecipientType -like '*Group') {
            Expand-Group -Identity $member.DisplayName -Depth ($Depth + 1)
        }
    }
}

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Expand-Group -Identity 'All Employees'

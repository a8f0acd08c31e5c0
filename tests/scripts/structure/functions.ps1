# A runbook in the form that people give to longer ones: functions first, the main part last.
function Write-Section {
    param([string]$Title)
    ''
    $Title
    '-' * $Title.Length
}

function Get-RuleSummary {
    param(
        $Rule,
        [string]$Prefix = '* '
    )
    $text = $Prefix + $Rule.Name
    if ($Rule.State -ne 'Enabled') {
        $text += ' (off)'
    }
    return $text
}

function Measure-Groups {
    $result = @{ Total = 0; Hidden = 0 }
    foreach ($group in Get-DistributionGroup) {
        $result.Total++
        if ($group.HiddenFromAddressListsEnabled) { $result.Hidden++ }
    }
    $result
}

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

Write-Section 'Rules'
foreach ($rule in Get-TransportRule) { Get-RuleSummary $rule }

Write-Section -Title 'Groups'
$groups = Measure-Groups
"$($groups.Hidden) of $($groups.Total) are hidden"

Disconnect-ExchangeOnline -Confirm:$false

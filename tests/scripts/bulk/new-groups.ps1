# Make the groups of a list that do not exist yet.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$existing = @(Get-DistributionGroup -ResultSize Unlimited | Select-Object -ExpandProperty Name)
$wanted = @'
[
  { "name": "All Employees", "alias": "all.employees" },
  { "name": "Night Shift", "alias": "night.shift" },
  { "name": "Early Shift", "alias": "early.shift" }
]
'@ | ConvertFrom-Json

foreach ($group in $wanted | Sort-Object name) {
    if ($group.name -in $existing) {
        "= $($group.name)"
        continue
    }
    $null = New-DistributionGroup -Name $group.name -Alias $group.alias -ErrorAction Stop
    "+ $($group.name)"
}
"groups: $(@(Get-DistributionGroup).Count)"

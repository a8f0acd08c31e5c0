# Format-Table and Format-List -GroupBy: a heading wherever the value changes, and each group fitted by itself.
$rows = @(
    [PSCustomObject]@{ Kind = 'Shared'; Name = 'info'; Size = 5 }
    [PSCustomObject]@{ Kind = 'shared'; Name = 'a longer name'; Size = 1234 }
    [PSCustomObject]@{ Kind = 'User'; Name = 'meg'; Size = 10 }
    [PSCustomObject]@{ Kind = 'Shared'; Name = 'desk'; Size = 7 }
)
$rows | Format-Table Name, Size -GroupBy kind
$rows | Sort-Object Size | Format-Table -Property Name -AutoSize -GroupBy @{ Label = 'Large'; Expression = { $_.Size -gt 9 } }
$rows[0, 2] | Format-List Name -GroupBy Kind
$rows[0] | Format-Table Name -GroupBy @{ Name = 'Tags'; Expression = { 'a', 'b' } } -HideTableHeaders

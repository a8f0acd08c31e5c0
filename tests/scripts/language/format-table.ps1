# Format-Table: chosen and computed columns, headers hidden, long lists cut after four.
$rows = @(
    [PSCustomObject]@{ Name = 'alpha'; Size = 5; Tags = 'a', 'b', 'c', 'd', 'e' }
    [PSCustomObject]@{ Name = 'be'; Size = 1234; Tags = @('x') }
)
$rows | Format-Table Size, Name
$rows | Format-Table -Property Name, @{ Label = 'KB'; Expression = { $_.Size * 2 } }, @{ Name = 'Upper'; Expression = { $_.Name.ToUpper() } }
$rows | Format-Table Name, Tags -AutoSize -HideTableHeaders
$rows | Format-Table *
@() | Format-Table

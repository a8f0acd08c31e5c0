# Group-Object: groups come in the order of their keys, texts without regard to case; Name is the key as text.
$fruit = 'pear', 'Fig', 'fig', 'apple', 'PEAR', 'pear'
foreach ($group in $fruit | Group-Object) {
    "$($group.Name) x $($group.Count): $($group.Group -join ',')"
}
"by length: $(($fruit | Group-Object { $_.Length } | ForEach-Object { "$($_.Name)=$($_.Count)" }) -join ' ')"
"numbers: $((10, 2, 10 | Group-Object).Name -join ' ')"
$table = $fruit | Group-Object -AsHashTable
"as a table: $($table['FIG'].Count) figs, $($table.Keys.Count) keys"
$fruit | Group-Object -NoElement | Sort-Object Count -Descending

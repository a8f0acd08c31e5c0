# Format-Wide: one property in columns of the same width, two unless -Column says otherwise.
$rows = 'alpha', 'beta', 'gamma', 'delta' | ForEach-Object { [PSCustomObject]@{ Name = $_; Size = $_.Length } }
$rows | Format-Wide -Property Name
$rows | Format-Wide Name -Column 4

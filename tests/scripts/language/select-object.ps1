# Select-Object: the first, the last, without repetitions, one property alone, properties that are computed.
$rows = foreach ($i in 1..5) { [PSCustomObject]@{ Id = $i; Name = "n$i"; Tags = @("t$i", 'all') } }
"first: $(($rows | Select-Object -First 2).Id)"
"last: $(($rows | Select-Object -Last 2).Id)"
"skip: $(($rows | Select-Object -Skip 3).Id)"
"skip and first: $(($rows | Select-Object -Skip 1 -First 2).Id)"
"expand: $($rows | Select-Object -First 2 -ExpandProperty Name)"
"expand a list: $($rows | Select-Object -First 2 -ExpandProperty Tags)"
"unique: $(1, 2, 2, 3, 1 | Select-Object -Unique)"
"unique cares about case: $('a', 'A', 'a' | Select-Object -Unique)"
"all tags: $($rows | Select-Object -ExpandProperty Tags | Select-Object -Unique)"
$rows | Select-Object -First 2 -Property Id, @{ Name = 'Twice'; Expression = { $_.Id * 2 } }, @{ n = 'Text'; e = { "<$($_.Name)>" } }, Missing
$picked = $rows | Select-Object -Property N*, Id -First 1
"picked: $picked"
"more than there are: $(($rows | Select-Object -First 99).Count)"

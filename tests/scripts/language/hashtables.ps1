# about_Hash_Tables: [ordered] keeps the order, keys do not care about case, a missing key is $null.
$ordered = [ordered]@{ zulu = 1; alpha = 2 }
$ordered['mike'] = 3
"keys: $($ordered.Keys -join ' '), values: $($ordered.Values -join ' ')"
"by place: $($ordered[0]), by name: $($ordered['alpha']) $($ordered.ALPHA)"
$ordered.Remove('alpha')
"left: $($ordered.Count) $($ordered.Contains('alpha')) $($ordered.Contains('ZULU'))"
$table = @{ One = 1; 'two words' = 2; 3 = 'three' }
"table: $($table.one) $($table.'two words') $($table[3]) [$($table['none'])] $($table.Count)"
"has: $($table.ContainsKey('ONE')) $($table.ContainsKey('four')) $($table.Contains('One'))"
$sorted = $table.Keys | Where-Object { $_ -ne 3 } | Sort-Object
"sorted: $($sorted -join ', ')"
foreach ($entry in $ordered.GetEnumerator()) { "$($entry.Key)=$($entry.Value) $($entry.Name)" }
$nested = @{ inner = @{ list = 1, 2 } }
$nested.inner.list += 3
"nested: $($nested.inner.list.Count) $($nested['inner']['list'][2])"
$object = [PSCustomObject]$ordered
"object: $object"
if (@{}) { 'an empty table is true' }
$ordered

# ConvertTo-Json: two levels unless -Depth says more; what is deeper becomes text, and a warning says so.
$deep = [ordered]@{ l1 = [ordered]@{ l2 = [ordered]@{ l3 = [PSCustomObject]@{ l4 = 'x' } } } }
$deep | ConvertTo-Json
$deep | ConvertTo-Json -Depth 4 -Compress
[ordered]@{ text = "a""b\c`n"; number = 1.5; whole = 2; yes = $true; nothing = $null; none = @(); one = @(1); date = [datetime]'2026-03-01T14:05:09' } | ConvertTo-Json
1, 'two', $null | ConvertTo-Json -Compress
'only' | ConvertTo-Json
ConvertTo-Json @('only') -Compress
'<ü> & ''quotes''' | ConvertTo-Json
$read = '{ "Name": "x", "list": [1, 2, {"deep": true}], "n": null, "d": 1.50 }' | ConvertFrom-Json
"read: $($read.name) $($read.list.Count) $($read.list[2].deep) [$($read.n)] $($read.d + 1)"
$pair = '[{"a":1},{"a":2}]' | ConvertFrom-Json
"array: $($pair.Count) $($pair.a -join '+')"
try { '{ "a": ' | ConvertFrom-Json } catch { 'wrong JSON: caught' }

# about_Pipelines, about_Arrays: what is written to the pipeline is taken apart by one level.
function Get-None { }
function Get-Empty { return @() }
function Get-One { return @('only') }
function Get-Wrapped { return , @(1, 2) }

"empty: $($null -eq (Get-Empty)) $(@(Get-Empty).Count)"
"none: $($null -eq (Get-None)) $(@(Get-None).Count)"
$one = Get-One
"one: $one, $($one.Length) characters, $(@($one).Length) element"
$pair = Get-Wrapped
"wrapped: $($pair.Count)"

$nested = @(1, 2, @(3, 4))
"nested: $($nested.Count), through the pipeline: $(($nested | ForEach-Object { $_ }).Count)"
"inner: $($nested[2][1]), as text: $nested"
"lengths: $((@(1, 2), @(3, 4, 5) | ForEach-Object { $_.Count }) -join ' ')"

'null goes once:'
$null | ForEach-Object { 'once' }
@() | ForEach-Object { 'never' }
foreach ($item in $null) { 'never' }
foreach ($item in @($null)) { 'an array of null once' }
"counts: $(@($null).Count) $(@().Count) $(@(@()).Count) $(@(1).Count) $(@(@(1, 2)).Count)"
$collected = foreach ($i in 1..3) { if ($i -ne 2) { $i * 10 } }
"collected: $collected"
$assigned = if ($false) { 'x' }
"assigned: $($null -eq $assigned)"

# about_Comparison_Operators, about_Automatic_Variables: $null belongs on the left, because on the right it may filter.
$list = 1, $null, 2, $null
"left: $($null -eq $list)"
"right: $(@($list -eq $null).Count) nulls"
if (@(1, $null) -eq $null) { 'yes' } else { 'one null that is found is false' }
if (@($null, $null) -eq $null) { 'two nulls are an array, and true' }
"undefined: $($null -eq $neverSet) [$neverSet]"
"different: $($null -eq '') $($null -eq 0) $($null -eq $false) $($null -eq @())"
"empty text: $('' -eq $null) $([string]$null -eq '')"
"sum: $($null + 1) $(1 + $null)"
"not: $(-not $null) $(!'') $(!0) $(!'a')"
"count: $(($list | Where-Object { $_ }).Count) $(($list | Where-Object { $null -ne $_ }).Count)"
"contains: $($list -contains $null) $($null -in $list) $(@() -contains $null)"
$object = [PSCustomObject]@{ Set = 'x'; Empty = $null }
"property: $($null -eq $object.Empty) $($null -eq $object.Missing) $($null -ne $object.Set)"

# about_Type_Conversion, about_Booleans
"int: $([int]'42') $([int]' 7 ') $([int]'0x1F') $([int]$true) $([int]$null) $([int]'') $([int]3.7)"
"bool of texts: $([bool]'False') $([bool]'') $([bool]' ') $([bool]'0')"
"bool of numbers: $([bool]0) $([bool]-1) $([bool]0.1)"
"bool of arrays: $([bool]@()) $([bool]@(0)) $([bool]@(1)) $([bool]@(0, 0)) $([bool]@{})"
"string: [$([string]1.5)] [$([string]$null)] [$([string]@(1, 2))] [$([string]$true)]"
"date: $(([datetime]'2026-03-01').Year) $(([datetime]'2026-03-01 14:05').Hour)"
[int]$typed = '12'
$typed = '13'
"typed variable: $($typed + 1)"
[string]$label = 5
"label: $($label + 1)"
"as text in a number: $(1 + '2') $('1' + 2) $('3' * 2) $(3 * '2')"
"custom: $([PSCustomObject]@{ B = 1; A = 2 })"
"array: $(@('1', '2') | ForEach-Object { [int]$_ + 1 })"

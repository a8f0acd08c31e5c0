# about_Functions, about_Return: everything that is not caught is output; return adds its value and leaves.
function Get-Pair { 'first'; $x = 'no output'; return 'second'; 'never' }
$pair = Get-Pair
"$($pair.Count): $pair"
function Get-Size { param($n) if ($n -gt 1) { return 'big' } 'small' }
"$(Get-Size 5) $(Get-Size 1) $(Get-Size)"
function Add-Up { param([int]$Left, [int]$Right = 10) $Left + $Right }
Add-Up 1 2
Add-Up -Right 5 -Left 1
Add-Up 7
Add-Up '3' '4'
(Add-Up 1) * 2
Add-Up -l 1 -r:1
function Join-Name { param([string[]]$Names, [string]$With = '-') $Names -join $With }
Join-Name a, b, c
Join-Name -With '+' -Names one, two
Join-Name 'alone'
function Test-Leak { $text = 'abc'; $text.Contains('b'); 'done' }
"leaks: $((Test-Leak).Count), first $((Test-Leak)[0])"
function Test-Quiet { $null = 'abc'.Contains('b'); 'abc'.Contains('b') | Out-Null; 'done' }
"quiet: $(@(Test-Quiet).Count)"
function Get-Factorial([int]$n) { if ($n -le 1) { return 1 } $n * (Get-Factorial ($n - 1)) }
Get-Factorial 10
function Show-Arguments { "$($args.Count): $($args -join '|')" }
Show-Arguments a 2 'c d'

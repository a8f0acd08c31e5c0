# about_Scopes: a function reads what its caller has, and what it sets is its own; blocks of if and foreach have no scope.
$count = 1
function Set-Local { $count = 5; "inside $count" }
Set-Local
"outside $count"
function Read-Outer { "reads $count" }
Read-Outer
function Add-One { $count++; "counted to $count" }
Add-One
"still $count"
function Invoke-Outer { $word = 'outer'; Show-Word }
function Show-Word { "sees $word" }
Invoke-Outer
Show-Word
if ($true) { $inIf = 'kept' }
foreach ($i in 1..3) { $last = $i }
"after: $inIf $i $last"
1..3 | ForEach-Object { $sum += $_ }
"sum $sum"
function Get-Next { param($from = $count + 1) $from }
Get-Next
Get-Next -from 40
"end $count"

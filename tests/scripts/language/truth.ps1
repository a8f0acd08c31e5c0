# about_Booleans, about_If, about_Logical_Operators: what counts as true, and what is not evaluated any more.
function Test($value) { if ($value) { 'yes' } else { 'no' } }
"$(Test 0) $(Test 1) $(Test -1) $(Test '') $(Test 'False') $(Test '0') $(Test $null) $(Test @()) $(Test @(0)) $(Test @(0, 0)) $(Test @{}) $(Test $false)"
function Say($what, $answer) { Write-Host "asked $what"; $answer }
if ((Say 'a' $false) -and (Say 'b' $true)) { 'both' } else { 'not both' }
if ((Say 'c' $true) -or (Say 'd' $true)) { 'one is enough' }
"$(-not ($false -or $false)) $(-not ($true -and $false)) $(!$true -or $true)"
$n = 5
if ($n -lt 3) { 'small' } elseif ($n -lt 6) { 'medium' } else { 'large' }
if ($n = 0) { 'assigned' } else { "an assignment is its value: $n" }
$kind = if ($n) { 'set' } else { 'zero' }
"kind: $kind"
if ('abc' -like 'a*' -and 5 -in 1..9) { 'operators first' }

# about_Operators (range), about_Arrays (indexes).
"up $(1..5), down $(3..1), one $(2..2), below $(1..-1)"
$n = 4
"to n: $(1..$n), to n minus one: $(1..($n - 1))"
$letters = 'a', 'b', 'c', 'd', 'e'
"last $($letters[-1]), slice $($letters[1..3]), picked $($letters[0, 2, -1])"
"beyond: [$($letters[9])] $($null -eq $letters[9])"
"joined: $((1..3) + (7..8)), count $((1..100).Count)"
"character: $('text'[0]) $('text'[-1])"
$letters[1] = 'B'
"changed: $($letters -join '')"
"backwards: $($letters[-1..-5] -join '')"
"repeated: $(('-' * 5)) $((1, 2) * 2)"
$empty = @()
foreach ($i in 0..($empty.Count)) { "zero to zero runs once: $i" }

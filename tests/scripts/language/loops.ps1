# about_For, about_While, about_Foreach, about_Break, about_Continue
for ($i = 0; $i -lt 3; $i++) { "for $i" }
$n = 3
while ($n) { "while $n"; $n-- }
while ($true) { $n++; if ($n -gt 2) { break }; "endless $n" }
foreach ($word in 'a', 'b', 'c', 'd') {
    if ($word -eq 'b') { continue }
    if ($word -eq 'd') { break }
    "word $word"
}
foreach ($row in 1..2) { foreach ($cell in 1..3) { if ($cell -eq 2) { break }; "cell $row.$cell" } }
$list = 1, 2, 3
foreach ($item in $list) { $item = $item * 10 }
"unchanged: $list"
$queue = @('x')
for ($i = 0; $i -lt $queue.Count; $i++) { if ($queue.Count -lt 3) { $queue += "$($queue[$i])$i" } }
"grown: $($queue -join ' ')"
1..5 | ForEach-Object { if ($_ -eq 3) { return }; "item $_" }
'a', 'b' | ForEach-Object -Begin { 'begin' } -Process { "process $_" } -End { 'end' }

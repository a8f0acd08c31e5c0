# about_Switch: every clause that matches runs, unless break or continue say otherwise.
switch ('b') { 'a' { 'a' } 'B' { 'case does not count' } 'b' { 'and the next one too' } default { 'no' } }
switch ('b') { 'b' { 'first'; break } 'b' { 'never' } }
switch (1, 2, 3) { 1 { 'one' } 3 { 'three' } default { "other: $_" } }
switch -Wildcard ('mailbox-01') { 'mail*' { 'begins with mail' } '*-0?' { 'ends with a number' } 'm' { 'no' } }
switch -Regex ('adele@contoso.com') { '^(\w+)@' { "user $($Matches[1])" } '(?<tld>com)$' { $Matches.tld } '^x' { 'no' } }
switch (4) { { $_ -gt 3 } { "$_ is big" } { $_ % 2 -eq 0 } { "$_ is even" } default { 'no' } }
switch (1, 2, 3) { 2 { continue } default { "got $_" } }
switch (1, 2, 3) { 2 { break } default { "saw $_" } }
switch (@()) { default { 'never' } }
$result = switch ('x') { 'x' { 10; 20 } }
"result: $result"
foreach ($i in 1..3) {
    switch ($i) { 2 { continue } }
    "loop $i"
}

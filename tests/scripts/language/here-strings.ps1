# about_Quoting_Rules: here-strings. The last line break before the closing mark is not part of the text.
$name = 'Adele'
@"
Dear $name,
  "quotes" and 'apostrophes' stay, `$name does not.
Sum: $(1 + 1)
"@
@'
$name is $(not) replaced, and `n is no line break
'@
$text = @"
one
two

"@
"lines $(($text -split "`n").Count)"
$empty = @"
"@
"empty [$empty]"
(@'
{"a": [1, 2]}
'@ | ConvertFrom-Json).a[1]
"after".Length

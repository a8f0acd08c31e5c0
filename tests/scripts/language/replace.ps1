# about_Comparison_Operators (replacement): the operator takes a regular expression, the method a plain text.
'Hello World' -replace 'L', 'x'
'a.b.c' -replace '.', '-'
'a.b.c' -replace '\.', '-'
'a.b.c'.Replace('.', '-')
'Hello'.Replace('l', 'L').Replace('h', 'j')
'Vance Adele' -replace '(\w+) (\w+)', '$2, $1'
'adele.vance' -replace '(?<first>\w+)\.(?<last>\w+)', '${last} ${first}'
'smtp:a@b.c' -replace '^SMTP:'
'a1', 'b2' -replace '\d', '#'
'cost 5' -replace '\d', '$$'
'x' -replace 'y', 'z'
'tabs	and   spaces' -replace '\s+', ' '
$domain = 'contoso'
'mail.x.com' -replace 'x', "$domain"
"a`r`nb`nc" -replace '\r?\n', '/'
12345 -replace '3', '.'
$null -replace 'a', 'b'
'end'

# about_Split, about_Join: -split takes a regular expression and does not care about case, the method takes characters.
function Show($parts) { "$(@($parts).Count): $(@($parts) -join '|')" }
Show ('a,b,,c' -split ',')
Show ('a1b22c' -split '\d+')
Show ('a.b' -split '.')
Show ('a.b' -split '\.')
Show ('aXbxc' -split 'x')
Show ('a,b,c' -split ',', 2)
Show (-split "  a b`t c ")
Show ('a-b' -split '(-)')
Show ('a;b,c'.Split(';'))
Show ('a, b,c' -split ',\s*')
Show ('one two', 'three' -split ' ')
Show ('abc' -split '')
1, 2, 3 -join ''
'a', $null, 'b' -join '-'
@() -join ','
'single' -join ','
-join ('x', 'y', 1)
(1, 2, 3 | ForEach-Object { $_ * 2 }) -join '; '

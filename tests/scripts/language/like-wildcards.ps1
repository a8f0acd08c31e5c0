# about_Wildcards: * is any text, ? one character, [..] one of a set; the whole text must match, case does not count.
"1 $('Mailbox-01' -like 'mail*') $('Mailbox-01' -like 'box') $('Mailbox-01' -like '*box*')"
"2 $('ab' -like 'a?') $('abc' -like 'a?') $('a' -like 'a?')"
"3 $('b1' -like '[a-c]1') $('d1' -like '[a-c]1') $('B1' -like '[abc]?')"
"4 $('a.b' -like 'a.b') $('axb' -like 'a.b')"
"5 $('' -like '*') $($null -like '') $(12 -like '1*')"
"6 $('NT AUTHORITY\SELF' -like 'NT AUTHORITY\*') $('x' -notlike 'y*')"
$pattern = '*@contoso.com'
"7 $(('a@contoso.com', 'b@adatum.com', 'c@CONTOSO.com' -like $pattern) -join ' ')"

# about_Comparison_Operators: the value on the right is converted to the type of the one on the left.
"a $(10 -eq '10') $('10' -eq 10)"
"b $(9 -gt '10') $('9' -gt 10) $('9' -gt '10')"
"c $(10 -eq '010') $('010' -eq 10)"
"d $($true -eq 'False') $('False' -eq $true)"
"e $(0 -eq '') $('' -eq 0)"
"f $($false -eq 0) $(0 -eq $false) $(2 -eq $true)"
"g $('abc' -eq 'ABC') $('b' -gt 'A') $('ä' -eq 'a')"
"h $(1.0 -eq 1) $('1.0' -eq 1) $(1 -eq '1.0')"
$date = [datetime]'2026-03-01'
"i $($date -eq '2026-03-01') $($date -lt '2026-03-02') $($date -gt '2026-02-28')"

# about_Operators (format): index, width, format.
'{0} {1} {0}' -f 'a', 'b'
'[{0,6}] [{0,-6}] [{1,6:N1}]' -f 'abc', 2.5
'{0:D3} {0:X2} {0:N0} {1:F2} {1:N2}' -f 1234567, 3.14159
'{0:yyyy} {0:MM}' -f [datetime]'2026-03-01'
'{{literal}} {0}' -f 1
'{0:#,##0} {1:0.00} {2:000}' -f 9876543, 1, 7
"{0}|{1}" -f $null, $true
"{0,-10}|{1,5}|" -f 'name', 12
$values = 1, 2, 3
'{0}-{1}-{2}' -f $values
('{0}' -f 'x') + 'y'
try { '{0} {1}' -f 'one' } catch { 'too few: caught' }

# about_Operator_Precedence
2 + 3 * 4 % 5
10 - 2 - 3
'a' + 'b' * 2
1, 2 + 3
'{0}' -f 1 + 2
-not $true -eq $false
$true -or $true -and $false
1..3 -join ','
'a,b' -split ',' -join '-'
1, 2 -join '+' + '!'
(-join 'a', 'b').Count
-join ('a', 'b')
!1 -eq 0
-2 * -3
5 -gt 3 -eq $true
[int]'2' + '3'
'5' + 3; 5 + '3'
2 + 2 -eq 4 -and -not (1 -gt 2)
@(1, 2, 3)[1] * 2

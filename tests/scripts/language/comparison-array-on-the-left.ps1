# about_Comparison_Operators: with a collection on the left, -eq and its kin filter it.
$states = 'Enabled', 'Disabled', 'enabled', 'Test'
$states -eq 'ENABLED'
"not enabled: $(($states -ne 'enabled').Count)"
"like: $($states -like '*abled')"
"match: $($states -match '^d')"
"over five: $((1, 5, 10, 50) -gt 5)"
"none: [$($states -eq 'missing')]"
if ($states -eq 'missing') { 'true' } else { 'an empty result is false' }
if ((0, 0) -eq 0) { 'two zeros are an array of two, and true' }
if ((0, 1) -eq 0) { 'true' } else { 'one zero is only a zero, and false' }
"contains: $($states -contains 'TEST') $($states -contains 'tes')"
"in: $('test' -in $states) $('test' -notin $states) $($states -notcontains 'x')"

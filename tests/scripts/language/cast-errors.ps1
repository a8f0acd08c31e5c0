# about_Try_Catch_Finally: an impossible conversion stops its statement and can be caught.
try { [int]'abc' } catch { "text: $($_.Exception.Message -like 'Cannot convert value "abc" to type "System.Int32"*')" }
try { [datetime]'no date' } catch { 'date: caught' }
try { [int]'99999999999' } catch { 'too large: caught' }
try { 1 / 0 } catch { "zero: $($_.Exception.Message)" }
try { 'a' - 1 } catch { 'minus: caught' }
try { $null.ToUpper() } catch { "null: $($_.Exception.Message)" }
try { [int]$number = 'seven' } catch { "variable: $($null -eq $number)" }
function Get-Half { param([int]$Of) $Of / 2 }
try { Get-Half -Of 'many' } catch { 'parameter: caught' }
try { Get-Half -Of 8; throw 'own' } catch { "own: $_, $($_.Exception.Message)" }
$array = 1, 2
"no error for a missing property [$($array.NoSuchProperty)] or index [$($array[7])]"

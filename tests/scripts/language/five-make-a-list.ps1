# Five properties make a list, and so does every object after it. Labels are as wide as the longest of their object.
[PSCustomObject]@{ A = 1; Bb = 'two'; Ccc = $null; Dddd = 1, 2; Eeeee = $true }
[PSCustomObject]@{ A = 2; Longest = 'x' }
[PSCustomObject]@{ Text = "first`nsecond"; A = @{ key = 'value' }; B = @(); C = 1.5; D = '' } | Format-List

# Up to four properties make a table, five a list. The first object of a table decides on its columns and their alignment.
[PSCustomObject]@{ Name = 'short'; Count = 5; Flag = $true; Note = 'x' }
[PSCustomObject]@{ Name = 'a longer name'; Count = 12345; Flag = $false; Note = $null }
[PSCustomObject]@{ Name = 'third'; Other = 'not shown' }

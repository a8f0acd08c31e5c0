# A table that no Format- cmdlet closed stays open: text is written where it comes, and rows go on below it.
'before'
[PSCustomObject]@{ Name = 'one'; Size = 1 }
'between'
[PSCustomObject]@{ Name = 'two'; Size = 22 }
'after'

# Compare-Object: => is only on the right, <= only on the left.
Compare-Object -ReferenceObject 'a', 'b', 'c' -DifferenceObject 'C', 'b', 'd' | Sort-Object InputObject
$same = Compare-Object (1, 2) (2, 1)
"same: $($null -eq $same)"
$all = Compare-Object 'x', 'y' 'y', 'z' -IncludeEqual | Sort-Object InputObject
"all: $(($all | ForEach-Object { "$($_.InputObject)$($_.SideIndicator)" }) -join ' ')"
$old = [PSCustomObject]@{ Name = 'a'; Size = 1 }, [PSCustomObject]@{ Name = 'b'; Size = 2 }
$new = [PSCustomObject]@{ Name = 'a'; Size = 9 }, [PSCustomObject]@{ Name = 'c'; Size = 2 }
"by name: $((Compare-Object $old $new -Property Name | Sort-Object Name | ForEach-Object { $_.Name + $_.SideIndicator }) -join ' ')"

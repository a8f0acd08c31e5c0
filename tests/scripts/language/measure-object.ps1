# Measure-Object counts, adds and finds the ends.
1, 2, 3, 6 | Measure-Object -Sum -Average
"count: $((1..10 | Measure-Object).Count) $((@() | Measure-Object).Count) $(($null | Measure-Object).Count)"
$rows = [PSCustomObject]@{ Name = 'b'; Size = 10 }, [PSCustomObject]@{ Name = 'a'; Size = 30 }, [PSCustomObject]@{ Name = 'c' }
$size = $rows | Measure-Object -Property Size -Sum -Maximum -Minimum
"size: $($size.Count) $($size.Sum) $($size.Maximum) $($size.Minimum) [$($size.Average)] $($size.Property)"
$texts = 'one two', 'three' | Measure-Object -Line -Word -Character
"texts: $($texts.Lines) $($texts.Words) $($texts.Characters)"

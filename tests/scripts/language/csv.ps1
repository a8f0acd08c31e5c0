# ConvertTo-Csv in PowerShell 7: every field in quotes, no type line, an empty field for null; columns are those of the first object.
$rows = @(
    [PSCustomObject]@{ Name = 'plain'; Note = 'a "quoted" word, and a comma'; N = 1; Flag = $true; Nothing = $null; Empty = '' }
    [PSCustomObject]@{ Name = "two`nlines"; Note = 'x'; N = 2.5; Flag = $false; Nothing = $null; Empty = ''; Extra = 'lost' }
    [PSCustomObject]@{ N = 3; Name = 'other order' }
)
$rows | ConvertTo-Csv
[PSCustomObject]@{ List = 'a', 'b' } | ConvertTo-Csv
$rows | Select-Object Name, N -Last 1 | ConvertTo-Csv -UseQuotes AsNeeded -Delimiter ';'
$text = "Name,Size`na,1`n""b, c"",2`n"
$read = $text | ConvertFrom-Csv
"read: $($read.Count), $($read[1].Name), $($read[0].Size + $read[1].Size), $([int]$read[0].Size + 1)"
$named = '1;x', '2;y' | ConvertFrom-Csv -Delimiter ';' -Header Number, Letter
"named: $($named[1].Letter) $($named.Number -join ',')"

# Sort-Object: by type of the values, without regard to case, several keys, and equal ones in their old order with -Stable.
"texts: $('banana', 'Apple', 'cherry' | Sort-Object)"
"numbers: $(10, 9, 2 | Sort-Object)"
"digits as text: $('10', '9', '2' | Sort-Object)"
"digits as numbers: $('10', '9', '2' | Sort-Object { [int]$_ })"
"descending: $(3, 1, 2 | Sort-Object -Descending)"
"unique: $(3, 1, 3, 2, 1 | Sort-Object -Unique)"
"by length: $('dd', 'a', 'cc', 'b' | Sort-Object Length -Stable)"
$rows = @(
    [PSCustomObject]@{ Name = 'b'; Size = 1 }
    [PSCustomObject]@{ Name = 'c'; Size = 2 }
    [PSCustomObject]@{ Name = 'a'; Size = 1 }
    [PSCustomObject]@{ Name = 'd'; Size = $null }
)
"two keys: $(($rows | Sort-Object Size, Name).Name)"
"mixed: $(($rows | Sort-Object @{ Expression = 'Size'; Descending = $true }, @{ Expression = 'Name' }).Name)"
"dates: $(([datetime]'2026-02-01', [datetime]'2025-12-31' | Sort-Object | ForEach-Object { $_.ToString('yyyy-MM-dd') }) -join ' ')"
"top: $(($rows | Sort-Object Size -Descending | Select-Object -First 1).Name)"

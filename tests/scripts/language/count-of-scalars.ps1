# about_Properties: Count and Length work on everything, also on one object and on none.
"number: $((5).Count) $((5).Length)"
"text: $('abc'.Count) $('abc'.Length)"
"null: $($null.Count)"
"object: $(([PSCustomObject]@{ A = 1; B = 2 }).Count)"
"hashtable: $(@{ a = 1; b = 2 }.Count) $(@{}.Count)"
$single = 'x', 'y' | Where-Object { $_ -eq 'x' }
"filtered to one: $($single.Count), to none: $(@('x', 'y' | Where-Object { $_ -eq 'z' }).Count)"
$many = [PSCustomObject]@{ Name = 'first'; Tags = 'a', 'b' }, [PSCustomObject]@{ Name = 'second'; Tags = 'c' }
"members of all: $($many.Name), flattened: $($many.Tags.Count)"
"missing: [$($many.Missing)] $($null -eq $single.Missing)"

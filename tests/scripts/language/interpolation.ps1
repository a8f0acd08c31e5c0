# about_Quoting_Rules: only a simple variable is replaced; everything else needs $( ).
$name = 'Adele'
$user = [PSCustomObject]@{ Name = 'Adele'; Id = 7 }
$list = 1, 2, 3
$table = @{ Key = 'v' }
"simple $name"
'single $name $(1 + 1)'
"property $user.Name"
"subexpression $($user.Name)"
"array $list and $list[0] and $($list[0])"
"braces ${name}s and colon ${name}: and $($name): end"
"escaped `$name, `"quoted`", ""doubled"", tab[`t], back``tick"
'it''s'
"table $($table.Key) $($table['Key']) $($table["Key"])"
"null [$null] $true $(1 + 2 * 3) $(if ($list.Count -gt 2) { 'many' })"
"two values $('a'; 'b')"
"nested $("inner $("most $name")")"
"plain user@contoso.com, 100%, a\b, #no comment, {0}"
"price $5 and $ alone"
$user.Name + ' ' + "$($name.ToUpper()) $($name.Length)"
"$name.$name,$name;$name/$name-$name=$name"

# The methods of texts: they care about case, where the operators do not.
$text = '  Adele.Vance@Contoso.com '
"[$($text.Trim())] [$($text.TrimEnd())] [$($text.TrimStart())]"
$mail = $text.Trim()
"$($mail.ToLower()) $($mail.ToUpper()) $($mail.Length)"
"$($mail.StartsWith('adele')) $($mail.StartsWith('Adele')) $($mail.EndsWith('.com')) $($mail.Contains('@'))"
"$($mail.IndexOf('@')) $($mail.IndexOf('x')) $($mail.LastIndexOf('.'))"
"$($mail.Substring(0, 5)) $($mail.Substring(6)) $($mail.Substring($mail.IndexOf('@') + 1))"
"$($mail.Split('@')[1].Split('.')[0]) $($mail.Replace('Contoso', 'Fabrikam'))"
"[$('7'.PadLeft(3, '0'))] [$('ab'.PadRight(4))] [$('ab'.PadLeft(4))]"
"$('abc'.Insert(1, '-')) $('abcdef'.Remove(2)) $('abcdef'.Remove(1, 2))"
"$('a,b,,c'.Split(',').Count) $('xxabxx'.Trim('x')) $('a'.Replace('a', 'b').ToUpper())"
"$((12.5).ToString()) $((7).ToString('000')) $($true.ToString())"

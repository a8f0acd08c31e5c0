# Dense style: semicolons, pipelines over several lines, line continuation, comments in odd places.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false; $all = @(Get-Mailbox)
$a = $all |
    Where-Object { $_.Alias -like 'a*' } | # begins with a
    Where-Object {
        $_.Alias.Length -gt 11   # and is long
    }
$b = Get-Mailbox -Identity emily.braun `
    -ErrorAction Stop
if($a.Count -eq 1){"one: $($a[0].Alias)"}elseif($a){"several: $($a.Alias -join '|')"}else{'none'}
"$($b.Alias)"; "$($all.Count)" <# an inner comment #>; 'end'

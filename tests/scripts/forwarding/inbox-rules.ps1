# Rules that forward. The address is a text such as "Lee Gu" [EX:/o=ExchangeLabs/…].
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
foreach ($name in 'adele.vance', 'alex.wilber') {
    $rules = Get-InboxRule -Mailbox $name | Where-Object { $_.Enabled -and ($_.ForwardTo -or $_.RedirectTo) }
    foreach ($rule in $rules) {
        $to = ($rule.ForwardTo -replace '^"(.+?)" \[(\w+):.*$', '$1 ($2)') -join ', '
        '{0}: "{1}" to {2}' -f $name, $rule.Name, $to
    }
}

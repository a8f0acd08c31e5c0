# Sort mailboxes into classes by their number of items.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$classes = [ordered]@{ red = @(); yellow = @(); green = @() }
Get-Mailbox -ResultSize Unlimited | Get-MailboxStatistics | ForEach-Object {
    $name = $_.DisplayName
    switch ($_.ItemCount) {
        { $_ -ge 6000 } { $classes.red += $name; break }
        { $_ -ge 4000 } { $classes.yellow += $name; break }
        default         { $classes.green += $name }
    }
}
foreach ($class in $classes.Keys) {
    "{0,-7}{1,2}  {2}" -f $class, $classes[$class].Count, ($classes[$class] -join ', ')
}

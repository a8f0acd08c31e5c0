Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com

Get-Mailbox -ResultSize Unlimited | Group-Object -Property Office | Sort-Object -Property Name | ForEach-Object {
    '{0,-14}{1,3}  {2}' -f $_.Name, $_.Count, ($_.Group.Alias -join ', ')
}

# A colon after a variable needs a subexpression, or PowerShell reads a drive.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$alias = 'adele.vance'
Get-MailboxFolderPermission -Identity "$($alias):\Calendar" | ForEach-Object {
    "{0,-12} {1}" -f $_.User, ($_.AccessRights -join ', ')
}

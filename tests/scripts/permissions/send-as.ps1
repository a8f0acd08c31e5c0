Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-RecipientPermission -Identity adele.vance |
    Where-Object { $_.Trustee -ne 'NT AUTHORITY\SELF' } |
    Format-Table Trustee, AccessRights, IsInherited -AutoSize

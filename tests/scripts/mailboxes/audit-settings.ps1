Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-Mailbox -Identity adele.vance | Select-Object AuditEnabled,
    @{ n = 'Admin'; e = { $_.AuditAdmin.Count } },
    @{ n = 'Delegate'; e = { $_.AuditDelegate.Count } },
    @{ n = 'Owner'; e = { $_.AuditOwner.Count } }

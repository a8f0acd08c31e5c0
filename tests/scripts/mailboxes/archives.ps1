Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$all = Get-Mailbox -ResultSize Unlimited
$archived = $all | Where-Object { $_.ArchiveStatus -eq 'Active' }
$archived | Format-Table DisplayName, ArchiveState, ArchiveName
"{0} of {1} mailboxes have an archive." -f $archived.Count, $all.Count

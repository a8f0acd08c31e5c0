Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
if ($true) {
    Get-Mailboxx -Identity adele.vance
}

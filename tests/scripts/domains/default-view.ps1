# Without a Format- cmdlet the view of the type decides: 30, 30, and the rest of 119 columns shared by two.
Import-Module ExchangeOnlineManagement
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
Get-AcceptedDomain
Disconnect-ExchangeOnline -Confirm:$false

# The connection is an object, too, until it is given up.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$connection = Get-ConnectionInformation
"$($connection.State) to $($connection.Organization), token $($connection.TokenStatus)"
"page size $($connection.PageSize), prefix '$($connection.ModulePrefix)'"
Disconnect-ExchangeOnline -Confirm:$false
"connections left: $(@(Get-ConnectionInformation).Count)"

# A view with two fixed columns, one that takes what is left, and two narrow ones. Booleans of a view stand on the left.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-MailboxPermission -Identity adele.vance

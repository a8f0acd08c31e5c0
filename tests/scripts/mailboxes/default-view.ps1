# The view of mailboxes begins with a fixed width, so nothing is fitted to the content and long values are cut.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-Mailbox -Identity henrietta.mueller

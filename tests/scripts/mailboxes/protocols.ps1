# Whose POP or IMAP has been turned off already?
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-CASMailbox -ResultSize Unlimited |
    Where-Object { -not $_.PopEnabled -or -not $_.ImapEnabled } |
    Select-Object DisplayName, PopEnabled, ImapEnabled |
    Sort-Object PopEnabled, DisplayName

# The short form of Where-Object, and a value that is not ASCII.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-Mailbox | Where-Object Office -eq 'zürich' | ForEach-Object { "$($_.DisplayName) <$($_.PrimarySmtpAddress)>" }

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$names = 'adele.vance', 'alex.wilber'
# Blocks that run side by side are not there.
$boxes = $names | ForEach-Object -Parallel { Get-Mailbox -Identity $_ }

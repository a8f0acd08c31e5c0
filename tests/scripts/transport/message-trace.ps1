# Text that comes while a table is open is written between its rows and its end, so the empty line is the last.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$messages = Get-MessageTraceV2
$messages | Group-Object Status -NoElement
foreach ($message in $messages | Sort-Object Size) {
    '{0:yyyy-MM-dd} {1,6:N0} KB {2}' -f $message.Received, ($message.Size / 1KB), $message.SenderAddress
}

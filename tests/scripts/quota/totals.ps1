Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$statistics = Get-Mailbox -ResultSize Unlimited | Get-MailboxStatistics
$items = $statistics | Measure-Object -Property ItemCount -Sum -Average -Maximum -Minimum
Write-Output ("{0} mailboxes hold {1:N0} items" -f $items.Count, $items.Sum)
Write-Output ("on average {0}, from {1} to {2}" -f $items.Average, $items.Minimum, $items.Maximum)
$most = $statistics | Sort-Object ItemCount | Select-Object -Last 1
"most: $($most.DisplayName)"

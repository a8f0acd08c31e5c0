param(
    [datetime]$Before = '2026-11-14',
    [string]$Organization = 'contoso.onmicrosoft.com'
)

Connect-ExchangeOnline -ManagedIdentity -Organization $Organization -ShowBanner:$false

foreach ($mailbox in Get-Mailbox -ResultSize Unlimited) {
    $statistics = Get-MailboxStatistics -Identity $mailbox.Identity
    $last = $statistics.LastLogonTime
    if ($null -eq $last) {
        "$($mailbox.DisplayName): never"
    } elseif ($last -lt $Before) {
        $days = ($Before - $last).Days
        "$($mailbox.DisplayName): $($last.ToString('yyyy-MM-dd')), $days days before"
    }
}

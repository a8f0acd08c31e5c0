# Mail that leaves the organization by a forwarding address is the first thing that an incident asks for.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

# So that there is something to find.
Set-Mailbox -Identity adele.vance -ForwardingSmtpAddress robin@adatum.com -DeliverToMailboxAndForward $true
Set-Mailbox -Identity alex.wilber -ForwardingSmtpAddress adele.vance@contoso.com

$own = (Get-AcceptedDomain).DomainName
$report = foreach ($mailbox in Get-Mailbox -ResultSize Unlimited | Where-Object { $_.ForwardingSmtpAddress }) {
    $target = $mailbox.ForwardingSmtpAddress -replace '^smtp:', ''
    $domain = ($target -split '@')[-1]
    [PSCustomObject]@{
        Mailbox  = $mailbox.Alias
        Target   = $target
        Keeps    = $mailbox.DeliverToMailboxAndForward
        External = $domain -notin $own
    }
}
$report

# Lower the quota of one mailbox and report whose quota differs from the rest.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false
$usual = (Get-Mailbox -Identity adele.vance).ProhibitSendQuota
Set-Mailbox -Identity emily.braun -ProhibitSendQuota '49 GB (52,613,349,376 bytes)' -IssueWarningQuota '48 GB (51,539,607,552 bytes)'

foreach ($mailbox in Get-Mailbox -ResultSize Unlimited) {
    if ($mailbox.ProhibitSendQuota -eq $usual) { continue }
    $null = $mailbox.ProhibitSendQuota -match '^(?<number>[\d.]+) (?<unit>\w+)'
    [int]$limit = $Matches.number
    if ($limit -lt 50 -and $Matches.unit -eq 'gb') {
        "$($mailbox.DisplayName) is limited to $limit $($Matches.unit)"
    }
}
"usual: $($usual.Substring(0, $usual.IndexOf('(')).Trim())"

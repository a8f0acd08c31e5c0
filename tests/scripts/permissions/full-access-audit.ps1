<#
.SYNOPSIS
    Who may open somebody else's mailbox?
#>
$organization = 'contoso.onmicrosoft.com'
Connect-ExchangeOnline -ManagedIdentity -Organization $organization -ShowBanner:$false

$report = @()
foreach ($mailbox in Get-Mailbox -ResultSize Unlimited) {
    $permissions = Get-MailboxPermission -Identity $mailbox.Identity |
        Where-Object { $_.User -notlike 'NT AUTHORITY\*' -and -not $_.IsInherited -and -not $_.Deny }
    foreach ($permission in $permissions) {
        $report += [PSCustomObject]@{
            Mailbox = $mailbox.PrimarySmtpAddress
            User    = $permission.User
            Rights  = $permission.AccessRights -join ';'
        }
    }
}

$report | Export-Csv -Path ./full-access.csv -NoTypeInformation
"$($report.Count) delegations on $(($report | Select-Object -ExpandProperty Mailbox -Unique).Count) mailboxes"

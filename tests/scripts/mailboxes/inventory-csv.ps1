param(
    [string]$Organization = 'contoso.onmicrosoft.com',
    [string]$Path = './mailboxes.csv'
)

Connect-ExchangeOnline -ManagedIdentity -Organization $Organization -ShowBanner:$false

Get-Mailbox -ResultSize Unlimited |
    Select-Object DisplayName, PrimarySmtpAddress, RecipientTypeDetails, ForwardingSmtpAddress, LitigationHoldEnabled |
    Sort-Object PrimarySmtpAddress |
    Export-Csv -Path $Path -NoTypeInformation -Encoding UTF8

$rows = Import-Csv -Path $Path
Write-Output "Exported $($rows.Count) mailboxes to $Path"

Disconnect-ExchangeOnline -Confirm:$false

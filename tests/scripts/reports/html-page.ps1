# A page for the intranet. What comes from the tenant is escaped.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$head = @'
<title>Mailboxes in offices</title>
<style>td { padding: 2px }</style>
'@

Get-Mailbox -ResultSize Unlimited |
    Where-Object { $_.Office -match '^[LZ]' } |
    Select-Object @{ Name = 'Who'; Expression = { "$($_.DisplayName) <$($_.Alias)>" } }, Office, LitigationHoldEnabled |
    ConvertTo-Html -Head $head -PreContent '<h1>Offices</h1>' -PostContent '<p>End & out</p>' |
    Out-File -FilePath report.html -Encoding utf8

"lines: $((Get-Content report.html).Count)"

param([datetime]$Cutoff)

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$results = Get-Mailbox -ResultSize Unlimited | Get-MailboxStatistics | ForEach-Object {
    # Within a switch $_ is what is switched on, so the object gets a name first.
    $mailbox = $_
    $status = switch ($true) {
        ($null -eq $mailbox.LastLogonTime)   { 'never used'; break }
        ($mailbox.LastLogonTime -lt $Cutoff) { 'inactive'; break }
        default                              { 'active' }
    }
    [PSCustomObject]@{
        Name   = $mailbox.DisplayName
        Status = $status
        Items  = $mailbox.ItemCount
    }
}

$results | Group-Object Status | ForEach-Object { "$($_.Name): $($_.Count)" }
$results | Where-Object Status -ne 'active' | Export-Csv ./inactive.csv -NoTypeInformation

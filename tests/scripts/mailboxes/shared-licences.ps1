# A shared mailbox needs no licence below 50 GB: which ones still have one?
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

'alex.wilber', 'debra.berger' | ForEach-Object { Set-Mailbox -Identity $_ -Type Shared }

$shared = Get-Mailbox -RecipientTypeDetails SharedMailbox -ResultSize Unlimited
$report = foreach ($mailbox in $shared) {
    [PSCustomObject]@{
        Mailbox  = $mailbox.DisplayName
        Licensed = $mailbox.SKUAssigned
        Advice   = if ($mailbox.SKUAssigned) { 'take the licence away' } else { 'nothing to do' }
    }
}
$report | Sort-Object Mailbox | Format-Table -AutoSize
Write-Output "Licences to get back: $(@($report | Where-Object Licensed).Count)"

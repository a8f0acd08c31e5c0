# One wrong row must not stop the others: it is written to a file of failures.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$done = 0
$failed = @()
foreach ($row in Import-Csv ./leavers.csv -Delimiter ';') {
    try {
        Set-Mailbox -Identity $row.Mail -HiddenFromAddressListsEnabled $true -ErrorAction Stop
        $done++
    } catch {
        $failed += [PSCustomObject]@{
            Mail   = $row.Mail
            Reason = if ($_.Exception.Message -like "*couldn't be found*") { 'not found' } else { 'other' }
        }
    }
}

if ($failed.Count -gt 0) {
    $failed | Export-Csv ./failed.csv -NoTypeInformation
    Write-Warning "$($failed.Count) of $($done + $failed.Count) rows failed, see failed.csv"
}
"hidden: $done"
Get-Mailbox | Where-Object HiddenFromAddressListsEnabled | ForEach-Object DisplayName

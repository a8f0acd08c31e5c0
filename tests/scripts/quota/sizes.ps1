# Sizes come as text, "156.2 MB (163,803,653 bytes)": the exact number stands in the brackets.
function Get-SizeInMB {
    param([string]$Size)
    if ($Size -match '\(([\d,]+) bytes\)') {
        $bytes = [int]($Matches[1] -replace ',')
        return [int]($bytes / 1MB)
    }
    return 0
}

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

Get-Mailbox -ResultSize Unlimited | Get-MailboxStatistics |
    Select-Object DisplayName, ItemCount, @{ Name = 'SizeMB'; Expression = { Get-SizeInMB $_.TotalItemSize } } |
    Sort-Object -Property SizeMB -Descending |
    Select-Object -First 5 |
    Format-Table -AutoSize

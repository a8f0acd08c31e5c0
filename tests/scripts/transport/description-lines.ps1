# A description has several lines that end in CR LF and begin with tabs.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$rule = Get-TransportRule -Identity 'Block executable attachments'
$lines = $rule.Description -split "`r`n" | ForEach-Object { $_.Trim() } | Where-Object { $_ }
$number = 0
foreach ($line in $lines) {
    $number++
    "${number}: $line"
}

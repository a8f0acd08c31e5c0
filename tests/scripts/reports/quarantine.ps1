# A subject from outside may hold line breaks and formulas: the first are taken out, the second only quoted.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-QuarantineMessage |
    Select-Object SenderAddress, @{ n = 'Subject'; e = { $_.Subject -replace '\s+', ' ' } }, Released |
    ConvertTo-Csv

# What Format-Table makes can go to a file or into a variable.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-RemoteDomain | Format-Table DomainName, AllowedOOFType -AutoSize | Out-File -FilePath domains.txt
Get-MailContact | Format-Table Name, RecipientType -HideTableHeaders | Out-File domains.txt -Append

$text = Get-RemoteDomain | Format-List DomainName, LineWrapSize | Out-String
foreach ($line in $text.Trim() -split "`n") { "[$($line.TrimEnd())]" }

# Formatting shows four values of an array and an ellipsis; joining shows them all.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$scanner = Get-InboundConnector -Identity 'Scanner floor 2'
$scanner | Format-List Name, SenderIPAddresses, SenderDomains, TrustedOrganizations, TlsSenderCertificateName
$scanner.SenderIPAddresses -join ' '

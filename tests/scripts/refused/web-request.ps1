Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$count = (Get-AcceptedDomain).Count
if ($count -gt 0) {
    $response = Invoke-WebRequest -Uri 'https://example.com/hook' -Method Post -Body $count
}

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$kinds = [ordered]@{}
foreach ($recipient in Get-Recipient -ResultSize Unlimited) {
    $kind = $recipient.RecipientTypeDetails
    if ($kinds.Contains($kind)) {
        $kinds[$kind]++
    } else {
        $kinds[$kind] = 1
    }
}
foreach ($kind in $kinds.Keys) {
    "{0,3} {1}" -f $kinds[$kind], $kind
}

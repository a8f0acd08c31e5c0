# An index of mailboxes by address, so that a list of people is looked up with one request.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$byAddress = @{}
Get-Mailbox -ResultSize Unlimited | ForEach-Object { $byAddress[$_.PrimarySmtpAddress] = $_ }

foreach ($address in 'EMILY.BRAUN@contoso.com', 'pilar@adatum.com', 'debra.berger@contoso.com') {
    if ($byAddress.ContainsKey($address)) {
        $mailbox = $byAddress[$address]
        "$address -> $($mailbox.DisplayName), $($mailbox.Office)"
    } else {
        "$address -> none"
    }
}

# Set it, see it, and take it away again: $null empties a property.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

function Show-Forwarding($Identity) {
    $mailbox = Get-Mailbox -Identity $Identity
    if ($null -eq $mailbox.ForwardingSmtpAddress) { 'no forwarding' } else { "to $($mailbox.ForwardingSmtpAddress)" }
}

$identity = 'grady.archie'
Show-Forwarding $identity
Set-Mailbox -Identity $identity -ForwardingSmtpAddress 'hotline@fabrikam.com'
Show-Forwarding $identity
Set-Mailbox -Identity $identity -ForwardingSmtpAddress $null -DeliverToMailboxAndForward $false
Show-Forwarding $identity

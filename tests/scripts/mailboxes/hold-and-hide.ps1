# Somebody leaves: keep the mailbox, hide it, and read back what is set.
param([string]$Identity)

Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$before = Get-Mailbox -Identity $Identity
"before: hold $($before.LitigationHoldEnabled), hidden $($before.HiddenFromAddressListsEnabled)"

$settings = @{
    Identity                      = $Identity
    LitigationHoldEnabled         = $true
    HiddenFromAddressListsEnabled = $true
    CustomAttribute1              = 'left'
}
Set-Mailbox @settings

$after = Get-Mailbox -Identity $Identity
"after:  hold $($after.LitigationHoldEnabled), hidden $($after.HiddenFromAddressListsEnabled), note '$($after.CustomAttribute1)'"

Get-Mailbox -Filter "CustomAttribute1 -eq 'left'" | Select-Object -ExpandProperty DisplayName

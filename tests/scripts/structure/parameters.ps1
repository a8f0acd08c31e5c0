<#
.SYNOPSIS
    Lists some mailboxes.
.PARAMETER Top
    How many.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string]$Organization,

    [int]$Top = 5,

    [string]$Prefix = 'mailbox',

    [switch]$Reverse
)

Connect-ExchangeOnline -ManagedIdentity -Organization $Organization -ShowBanner:$false
$mailboxes = Get-Mailbox -ResultSize Unlimited | Sort-Object Alias -Descending:$Reverse | Select-Object -First $Top
foreach ($mailbox in $mailboxes) {
    "$Prefix $($mailbox.Alias) in $($mailbox.Office)"
}
"reverse: $Reverse, and after the last: $($Top + 1)"

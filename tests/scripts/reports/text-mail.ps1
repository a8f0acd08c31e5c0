# The text of a mail, put together in a here-string.
param(
    [string]$Recipient = 'postmaster@contoso.com',
    [datetime]$On = '2026-11-24'
)
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

$domains = Get-AcceptedDomain
$rules = Get-TransportRule
$lines = foreach ($rule in $rules) {
    "  - $($rule.Name) ($($rule.State.ToLower()))"
}

$mail = @"
To: $Recipient
Date: $($On.ToString('dd.MM.yyyy'))
Subject: Status of $($domains[0].Name)

The tenant has $($domains.Count) domains, "$(($domains | Where-Object Default).Name)" is the default.
Transport rules ($($rules.Count)):
$($lines -join "`n")

-- 
Cost: `$0
"@
$mail

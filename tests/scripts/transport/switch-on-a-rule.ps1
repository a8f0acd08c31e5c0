param([string]$Name = 'Disclaimer')
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com -ShowBanner:$false

"$Name is $((Get-TransportRule -Identity $Name).State)"
Enable-TransportRule -Identity $Name -WhatIf
"$Name is $((Get-TransportRule -Identity $Name).State)"
Enable-TransportRule -Identity $Name
"$Name is $((Get-TransportRule -Identity $Name).State)"

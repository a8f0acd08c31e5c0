# One result is an object, several are an array: scripts that read the output must know.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-AcceptedDomain -Identity contoso.com | Select-Object Name, Default | ConvertTo-Json
Get-AcceptedDomain | Select-Object Name, Default | ConvertTo-Json -Compress
@(Get-AcceptedDomain -Identity contoso.com | Select-Object Name, Default) | ConvertTo-Json -AsArray -Compress

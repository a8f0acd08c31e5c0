Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-TransportRule |
    Where-Object { $_.State -eq 'Enabled' } |
    Select-Object Name, Priority, AttachmentExtensionMatchesWords, ManuallyModified, Comments |
    ConvertTo-Json

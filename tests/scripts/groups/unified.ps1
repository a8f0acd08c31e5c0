Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-UnifiedGroup | Sort-Object GroupMemberCount -Descending |
    Format-Table @{ Label = 'Team'; Expression = { $_.DisplayName } }, AccessType,
        @{ Label = 'Members'; Expression = 'GroupMemberCount' }

# For a spreadsheet of a country that writes decimals with a comma. Arrays must be joined, or their type is written.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
Get-DistributionGroup |
    Select-Object Name, @{ l = 'Owners'; e = { $_.ManagedBy -join ',' } }, HiddenFromAddressListsEnabled |
    ConvertTo-Csv -Delimiter ';' -NoTypeInformation

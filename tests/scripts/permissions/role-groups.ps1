# Empty role groups and the members of the others.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
foreach ($group in Get-RoleGroup) {
    if ($group.Members.Count -eq 0) {
        Write-Output "$($group.Name): nobody"
        continue
    }
    Write-Output "$($group.Name): $($group.Members -join ', ') ($($group.Roles.Count) roles)"
}

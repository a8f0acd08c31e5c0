# Who is in the list of the payroll department and not in the group, and the other way round?
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$wanted = Get-Content -Path wanted.txt
$actual = Get-DistributionGroupMember -Identity all@contoso.com | Select-Object -ExpandProperty PrimarySmtpAddress
$difference = Compare-Object -ReferenceObject $wanted -DifferenceObject $actual
foreach ($entry in $difference | Sort-Object InputObject) {
    switch ($entry.SideIndicator) {
        '<=' { "add    $($entry.InputObject)" }
        '=>' { "remove $($entry.InputObject)" }
    }
}

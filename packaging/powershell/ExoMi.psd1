@{
    RootModule           = 'ExoMi.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '7f1d2c64-9a0b-4b6e-8a43-5f0c1d8e2b97'
    Description          = 'Runs cmdlets of Exchange Online by exo-mi, and gives objects'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FunctionsToExport    = @('Invoke-ExoMi', 'Test-ExoMi', 'Get-ExoMiIdentity')
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
}

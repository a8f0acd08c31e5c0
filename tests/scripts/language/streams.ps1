# about_Output_Streams: results and Write-Host go to standard output, warnings and errors to standard error.
Write-Output 'output'
Write-Host 'host'
Write-Warning 'be warned'
Write-Error 'it went wrong'
Write-Verbose 'not shown'
function Get-Both { Write-Warning 'from a function'; Write-Host 'said'; 'returned' }
$kept = Get-Both
"kept: $kept"
Write-Output 1, 2 | ForEach-Object { $_ * 2 }
"errors: $($Error.Count) $($Error[0])"
Write-Error 'silent' -ErrorAction SilentlyContinue
'end'

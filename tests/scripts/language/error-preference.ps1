# about_Preference_Variables: with Stop every error ends the script, unless it is caught.
$ErrorActionPreference = 'Stop'
try { Write-Error 'made terminating'; 'not reached' } catch { "caught: $($_.Exception.Message)" }
Write-Error 'this one is accepted' -ErrorAction Continue
'still here'
Write-Error 'and this one ends it'
'not reached'

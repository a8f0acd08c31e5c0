# about_Redirection: 2>&1 sends errors to where the output goes, in the order in which they come.
function Show-Both {
    'before'
    Write-Error 'wrong'
    'after'
}
$all = Show-Both 2>&1
$all.Count
$all | ForEach-Object { "$($_.GetType().Name): $_" }
$errors = $all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
$errors.Exception.Message
Show-Both 2>&1 | Out-Null
(Show-Both 2>&1) -join ', '
(Show-Both 2>$null) -join ', '
# What stands behind in the pipeline keeps its own errors.
$tail = Show-Both 2>&1 | ForEach-Object { if ($_ -eq 'after') { Write-Error 'behind' -ErrorAction SilentlyContinue }; "$_" }
$tail -join ', '
# A redirection holds for its own command alone.
$first = & { Write-Error 'inner' 2>$null; 'kept' } 2>&1
"$first"
$Error.Count

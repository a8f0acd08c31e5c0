# Completion of exo-mi for PowerShell: it asks the program.
Register-ArgumentCompleter -Native -CommandName exo-mi -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = $commandAst.CommandElements
    $program = $elements[0].Extent.Text
    $before = @($elements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    & $program complete --shell powershell "--current=$wordToComplete" -- @before 2>$null | ForEach-Object {
        # Without an answer, PowerShell completes names of files by itself.
        if ($_ -ne '<files>') {
            $value, $about = $_ -split "`t", 2
            $text = if ($value -match '[\s$,;|&(){}]') { "'$value'" } else { $value }
            if (-not $about) { $about = $value }
            [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
        }
    }
}

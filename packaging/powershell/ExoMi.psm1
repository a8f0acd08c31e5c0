# Calls exo-mi and gives back objects, for Windows PowerShell 5.1 and PowerShell 7.
#
# Neither passes arguments to a program reliably: 5.1 loses quotes within them and empty ones, and reads what comes back
# in the console's code page. So the command line is built here, by the rules of CommandLineToArgvW, by which .NET splits it
# on Linux as well, and both streams are UTF-8.

Set-StrictMode -Version 2

# One word of a command line.
function ConvertTo-ExoMiWord {
    param([Parameter(Mandatory)][AllowEmptyString()][string]$Text)
    if ($Text -ne '' -and $Text -notmatch '[\s"]') { return $Text }
    # Backslashes count only before a quote, and there each must be doubled: those at the end stand before ours.
    $escaped = $Text -replace '(\\*)"', '$1$1\"'
    $escaped = $escaped -replace '(\\+)$', '$1$1'
    '"' + $escaped + '"'
}

# A value as exo-mi reads it: texts in single quotes, of which a doubled one stands for itself.
function ConvertTo-ExoMiValue {
    param([Parameter(Mandatory)][AllowNull()][AllowEmptyString()][AllowEmptyCollection()]$Value)
    if ($null -eq $Value) { return '$null' }
    if ($Value -is [bool] -or $Value -is [switch]) { return ([bool]$Value).ToString().ToLowerInvariant() }
    if ($Value -is [datetime]) {
        return $Value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [cultureinfo]::InvariantCulture)
    }
    if ($Value -is [System.Collections.IDictionary]) {
        $pairs = foreach ($key in $Value.Keys) { '{0}={1}' -f $key, (ConvertTo-ExoMiValue $Value[$key]) }
        return '@{' + ($pairs -join '; ') + '}'
    }
    if ($Value -is [System.Collections.IEnumerable] -and $Value -isnot [string]) {
        $items = foreach ($item in $Value) { ConvertTo-ExoMiValue $item }
        return '@(' + ($items -join ',') + ')'
    }
    if ($Value -is [int] -or $Value -is [long]) { return $Value.ToString([cultureinfo]::InvariantCulture) }
    "'" + ([string]$Value -replace "'", "''") + "'"
}

# Starts the program, feeds it, and gives what it wrote with its exit code. Standard error is read while standard output is,
# or a program that fills one of them would wait for ever.
function Start-ExoMi {
    param([string[]]$Words, [string[]]$Lines, [string]$Path)
    $start = New-Object System.Diagnostics.ProcessStartInfo
    $start.FileName = $Path
    $start.Arguments = ($Words | ForEach-Object { ConvertTo-ExoMiWord $_ }) -join ' '
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = New-Object System.Text.UTF8Encoding $false
    $start.StandardErrorEncoding = New-Object System.Text.UTF8Encoding $false
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $output = $process.StandardOutput.ReadToEndAsync()
        $failure = $process.StandardError.ReadToEndAsync()
        if ($Lines) {
            $text = ($Lines -join "`n") + "`n"
            $bytes = (New-Object System.Text.UTF8Encoding $false).GetBytes($text)
            # One that has ended already says by its exit code why.
            try { $process.StandardInput.BaseStream.Write($bytes, 0, $bytes.Length) } catch [System.IO.IOException] { }
        }
        try { $process.StandardInput.Close() } catch [System.IO.IOException] { }
        $process.WaitForExit()
        [PSCustomObject]@{ ExitCode = $process.ExitCode; Output = $output.Result; Error = $failure.Result }
    } finally {
        $process.Dispose()
    }
}

# JSON, an object a line, as objects.
function ConvertFrom-ExoMiLine {
    param([AllowEmptyString()][string]$Text)
    foreach ($line in $Text -split "`n") {
        if ($line.Trim() -ne '') { ConvertFrom-Json -InputObject $line }
    }
}

# A failure as an error of PowerShell, whose FullyQualifiedErrorId begins with the code, such as directory-role-missing.
function New-ExoMiError {
    param([int]$ExitCode, [string]$Text)
    $told = ($Text -split "`n") | Where-Object { $_ -like '{"kind":*' } | Select-Object -Last 1
    $code = 'unknown'
    $message = "exo-mi ended with exit code $ExitCode. $Text"
    if ($told) {
        $failure = ConvertFrom-Json -InputObject $told
        $code = $failure.code
        $message = (@($failure.message) + @($failure.causes) + @($failure.hints)) -join "`n"
    }
    $exception = New-Object System.InvalidOperationException $message
    $exception.Data['ExitCode'] = $ExitCode
    New-Object System.Management.Automation.ErrorRecord $exception, $code, 'NotSpecified', $null
}

<#
.SYNOPSIS
Runs one cmdlet of Exchange Online by exo-mi and gives its objects.
.EXAMPLE
Invoke-ExoMi Get-Mailbox @{ ResultSize = 'Unlimited' } -Organization contoso.onmicrosoft.com
.EXAMPLE
'adele.vance@contoso.com' | Invoke-ExoMi Get-MailboxStatistics -Organization contoso.onmicrosoft.com
#>
function Invoke-ExoMi {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)][string]$Cmdlet,
        [Parameter(Position = 1)][System.Collections.IDictionary]$Parameter = @{},
        [string]$Organization,
        # Options of exo-mi before the cmdlet, each word by itself: '--client-id', '...', '--yes'.
        [string[]]$Option = @(),
        [Parameter(ValueFromPipeline)][string]$Identity,
        [string]$Path = 'exo-mi'
    )
    begin { $identities = New-Object System.Collections.Generic.List[string] }
    process { if ($Identity) { $identities.Add($Identity) } }
    end {
        $words = @('connect', '-o', 'jsonl', '--error-format', 'json')
        if ($Organization) { $words += '--org', $Organization }
        $words += $Option
        $words += $Cmdlet
        foreach ($name in $Parameter.Keys) { $words += '-{0}:{1}' -f $name, (ConvertTo-ExoMiValue $Parameter[$name]) }
        if ($identities.Count -gt 0) { $words += '-Identity', '-' }
        $done = Start-ExoMi -Words $words -Lines $identities.ToArray() -Path $Path
        ConvertFrom-ExoMiLine $done.Output
        if ($done.ExitCode -ne 0) {
            $PSCmdlet.WriteError((New-ExoMiError $done.ExitCode $done.Error))
        } elseif ($done.Error.Trim() -ne '') {
            Write-Warning $done.Error.Trim()
        }
    }
}

<#
.SYNOPSIS
Gives the doctor's report as an object: verdict, exit_code, checks.
#>
function Test-ExoMi {
    [CmdletBinding()]
    param([string]$Organization, [string[]]$Option = @(), [string]$Path = 'exo-mi')
    $words = @('doctor', '--format', 'json')
    if ($Organization) { $words += '--org', $Organization }
    $done = Start-ExoMi -Words ($words + $Option) -Path $Path
    if ($done.Output.Trim() -eq '') { throw $done.Error }
    ConvertFrom-Json -InputObject $done.Output
}

<#
.SYNOPSIS
Says who the identity is, from its token alone.
#>
function Get-ExoMiIdentity {
    [CmdletBinding()]
    param([string[]]$Option = @(), [string]$Path = 'exo-mi')
    $done = Start-ExoMi -Words (@('whoami', '-o', 'jsonl', '--error-format', 'json') + $Option) -Path $Path
    ConvertFrom-ExoMiLine $done.Output
    if ($done.ExitCode -ne 0) { $PSCmdlet.WriteError((New-ExoMiError $done.ExitCode $done.Error)) }
}

Export-ModuleMember -Function Invoke-ExoMi, Test-ExoMi, Get-ExoMiIdentity

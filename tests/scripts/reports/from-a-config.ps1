# Which checks run is told by a file beside the script.
$config = Get-Content -Path ./checks.json -Raw | ConvertFrom-Json
Connect-ExchangeOnline -ManagedIdentity -Organization $config.organization -ShowBanner:$false

foreach ($check in $config.checks) {
    if (-not $check.enabled) {
        "skip $($check.kind)"
        continue
    }
    $objects = switch ($check.kind) {
        'domains'   { Get-AcceptedDomain }
        'rules'     { Get-TransportRule }
        'mailboxes' { Get-Mailbox -ResultSize Unlimited }
        default     { throw "unknown check $($check.kind)" }
    }
    $verdict = if (@($objects).Count -le $check.limit) { 'ok' } else { 'too many' }
    '{0}: {1} ({2}, at most {3})' -f $check.kind, $verdict, @($objects).Count, $check.limit
}

$command = 'Get-Mailbox'
'not printed'
Invoke-Expression $command

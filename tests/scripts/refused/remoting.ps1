foreach ($server in 'ex1', 'ex2') {
    Invoke-Command -ComputerName $server -ScriptBlock { Get-Date }
}

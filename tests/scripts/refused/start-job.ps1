'not printed'
$job = Start-Job -ScriptBlock { 1 + 1 }

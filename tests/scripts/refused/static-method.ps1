'not printed'
$text = [System.IO.File]::ReadAllText('settings.txt')
$text

# about_Language_Keywords (exit): it leaves the script from anywhere, after finally.
function Stop-Here {
    param([int]$Code)
    try {
        "leaving with $Code"
        exit $Code
    } finally {
        'finally'
    }
    'never'
}
foreach ($i in 1..5) {
    if ($i -eq 3) { Stop-Here -Code $i }
    $i
}
'never'

'not printed'
workflow Test-Everything {
    Get-Date
}

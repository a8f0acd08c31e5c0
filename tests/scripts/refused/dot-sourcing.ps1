'not printed'
. ./functions.ps1

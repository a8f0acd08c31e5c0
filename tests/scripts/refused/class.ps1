'not printed, because the whole script is checked first'
class Person {
    [string]$Name
}

'not printed either: what is never reached is checked as well'
if ($false) {
    Add-Type -AssemblyName System.Web
}

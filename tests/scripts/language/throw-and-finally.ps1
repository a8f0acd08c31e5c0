# about_Try_Catch_Finally, about_Throw: finally runs in any case, also on the way out of a function or a loop.
function Test-Order {
    try { 'try'; throw 'first problem' }
    catch { "catch: $_" }
    finally { 'finally' }
    'after'
}
Test-Order
function Get-Early { try { return 'returned' } finally { 'finally after return' } }
Get-Early
foreach ($i in 1..3) {
    try { if ($i -eq 2) { break }; "loop $i" } finally { "finally $i" }
}
try {
    try { throw 'inner' } catch { throw "outer of $_" } finally { 'inner finally' }
} catch { "caught: $($_.Exception.Message)" }
try { try { throw 'again' } catch { throw } } catch { "rethrown: $_" }
try { throw @{ code = 7 } } catch { "object: $($_.TargetObject.code)" }
try { 'nothing wrong' } catch { 'no' } finally { 'finally without error' }
$value = try { 10 } catch { 20 } finally { $null = 30 }
"value $value"
throw 'the end'

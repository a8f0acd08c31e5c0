//! A mistake in a loop does not take all memory of the machine.

use super::run;

/// Each begins a step before there is no more room: the way there is the same for any text and any list.
#[test]
fn a_value_that_grows_without_end_ends_the_script() {
    for (script, what) in [
        ("$a = 'x' * 200000000; while ($true) { $a += $a }", "256 MB"),
        ("$a = 'x' * 200000000; while ($true) { $a = \"$a$a\" }", "256 MB"),
        ("$a = 'x' * 200000000; while ($true) { $a = $a, $a -join '' }", "256 MB"),
        ("$a = 'x' * 200000000; while ($true) { $a = [string]::Concat($a, $a) }", "256 MB"),
        ("'x' * 300000000", "256 MB"),
        ("'x'.PadLeft(300000000)", "256 MB"),
        ("$a = 1..6000; while ($true) { $a *= 1000; $a += $a }", "ten million items"),
        ("1..20000000", "ten million items"),
        ("@(1, 2) * 20000000", "ten million items"),
    ] {
        let left = run(&format!("{script}\n'after'"));
        assert!(
            left.fault.as_deref().is_some_and(|fault| fault.contains(what)),
            "{script}: {:?}",
            left.fault
        );
        assert_eq!((left.exit, left.out.as_str()), (1, ""), "{script}");
    }
}

//! Lines of commands on standard input.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exo_mi::fuzz::line(bytes));

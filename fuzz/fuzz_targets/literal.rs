//! Values as PowerShell writes them.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exo_mi::fuzz::literal(bytes));

//! Moments and waits, in every form in which they are told.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exo_mi::fuzz::moment(bytes));

//! Bodies of replies, packed and not, and secrets that they repeat.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exo_mi::fuzz::reply_body(bytes));

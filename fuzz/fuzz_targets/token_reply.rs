//! Replies of an identity endpoint.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exo_mi::fuzz::token_reply(bytes));

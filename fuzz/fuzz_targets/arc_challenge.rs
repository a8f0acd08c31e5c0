//! The challenge of the Azure Arc agent.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exo_mi::fuzz::arc_challenge(bytes));

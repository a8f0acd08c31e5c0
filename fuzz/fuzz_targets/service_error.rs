//! Errors of Exchange and of Microsoft Graph.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exo_mi::fuzz::service_error(bytes));

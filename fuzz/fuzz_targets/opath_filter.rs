//! Filters, and what they are translated to.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exo_mi::fuzz::opath_filter(bytes));

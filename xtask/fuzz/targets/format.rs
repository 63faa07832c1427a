//! See `format_keeps` in `wayfarer_tests::hostile`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wayfarer_tests::hostile::hold("format", bytes));

//! See `types` in `wayfarer_tests::hostile`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wayfarer_tests::hostile::hold("types", bytes));

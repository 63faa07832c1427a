//! What is read out of what the tools say.

use super::passed;

#[test]
fn passed_tests_are_summed_over_all_harnesses() {
    let said = "\nrunning 2 tests\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured\n\n   Doc-tests x\n\
                test result: ok. 40 passed; 0 failed; 1 ignored\ntest result: FAILED. 7 passed; 1 failed\n";
    assert_eq!(passed(said), 42);
}

#[test]
fn silence_is_no_test() {
    assert_eq!(passed("    Finished `test` profile\n"), 0);
}

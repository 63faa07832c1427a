use super::passed;

#[test]
fn passed_tests_are_counted_in_both_ways_to_say_it() {
    assert_eq!(passed("ok 1 - pass 9\n# tests 7\n# pass 6\n# fail 1\n"), 6);
    assert_eq!(passed("ℹ tests 7\nℹ pass 7\n"), 7);
    assert_eq!(passed("nothing"), 0);
}

use super::*;

#[test]
fn nothing_steers_or_turns() {
    assert_eq!(
        plain("a\tb\nc\u{2028}d\u{1b}[1m\u{202e}e\u{0}\u{ffff}\u{85}é"),
        "a b c d\u{fffd}[1m\u{fffd}e\u{fffd}\u{fffd} é"
    );
}

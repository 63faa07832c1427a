use super::*;

#[test]
fn nothing_steers_the_terminal() {
    assert_eq!(safe("a\u{1b}[31mb\u{202e}c\nd\r"), "a\\u{1b}[31mb\\u{202e}c\nd\\u{d}");
    assert_eq!(safe("für Ann, 你好"), "für Ann, 你好");
}

use super::*;

#[test]
fn quoted_text_is_safe_and_short() {
    assert_eq!(quoted("step"), "`step`");
    assert_eq!(quoted("a\u{1b}[31m\u{202e}b\n"), "`a\\u{1b}[31m\\u{202e}b\\u{a}`");
    assert_eq!(quoted(&"é".repeat(65)), format!("`{}…`", "é".repeat(64)));
    assert_eq!(quoted(&"é".repeat(64)), format!("`{}`", "é".repeat(64)));
}

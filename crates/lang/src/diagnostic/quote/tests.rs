use super::*;

#[test]
fn quoted_text_is_safe_and_short() {
    assert_eq!(quoted("step"), "`step`");
    assert_eq!(quoted("a\u{1b}[31m\u{202e}b\n"), "`a\\u{1b}[31m\\u{202e}b\\u{a}`");
    assert_eq!(quoted(&"é".repeat(65)), format!("`{}…`", "é".repeat(64)));
    assert_eq!(quoted(&"é".repeat(64)), format!("`{}`", "é".repeat(64)));
}

#[test]
fn no_text_of_a_finding_breaks_its_line() {
    use crate::{Code, Diagnostic, Span};

    let finding =
        Diagnostic::error(Code::SYNTAX, Span::default(), "a\nb").help("c\u{1b}[2J").label(Span::default(), "\u{202e}d");
    assert_eq!(finding.message, "a\\u{a}b");
    assert_eq!(finding.help.as_deref(), Some("c\\u{1b}[2J"));
    assert_eq!(finding.labels.first().map(|label| &*label.text), Some("\\u{202e}d"));
}

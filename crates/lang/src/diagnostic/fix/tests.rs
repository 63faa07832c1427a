#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

fn span(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap();
    Span::from_range(start..start + part.len())
}

fn without(text: &str, key: &str, value: &str) -> Option<(String, &'static str)> {
    let fix = Fix::remove(text, span(text, key), span(text, value))?;
    Some((apply(text, [&fix]).0, fix.certainty.word()))
}

#[test]
fn an_entry_goes_with_its_line_or_its_comma() {
    let certain = |text: &str| Some((text.to_owned(), "certain"));
    assert_eq!(without("a: 1\n  k: v\nb: 2\n", "k", "v"), certain("a: 1\nb: 2\n"));
    assert_eq!(without("a: 1\nk: v", "k", "v"), certain("a: 1\n"));
    assert_eq!(without("a: 1\r\nk:\r\n  v\r\nb: 2", "k", "v"), certain("a: 1\r\nb: 2"));
    assert_eq!(without("{ a: 1, k: v }", "k", "v"), certain("{ a: 1 }"));
    assert_eq!(without("{ k: v, a: 1 }", "k", "v"), certain("{ a: 1 }"));
    assert_eq!(without("{ a: 1, k: v, b: 2 }", "k", "v"), certain("{ a: 1, b: 2 }"));
    assert_eq!(without("{ k: v }", "k", "v"), None, "nothing would be left");
    assert_eq!(without("a: 1\nk: v # why\nb: 2\n", "k", "v"), Some(("a: 1\nb: 2\n".to_owned(), "likely")));
}

#[test]
fn fixes_that_overlap_wait_for_another_round() {
    let text = "abcdef";
    let fix = |start, end, to: &str| Fix::replace(Certainty::Certain, Span::new(start, end), to);
    assert_eq!(apply(text, [&fix(4, 6, "Z"), &fix(0, 2, "X"), &fix(1, 5, "Y")]), ("XcdZ".to_owned(), 2));
    assert_eq!(apply(text, [&fix(2, 2, "1"), &fix(2, 2, "2")]), ("ab1cdef".to_owned(), 1));
    assert_eq!(apply(text, [&Fix::quote(Certainty::Certain, Span::new(1, 3))]), ("a\"bc\"def".to_owned(), 1));
    assert_eq!(apply(text, [&fix(5, 9, "beyond")]), (text.to_owned(), 0));
    assert_eq!(apply(text, []), (text.to_owned(), 0));
}

#[test]
fn a_fix_is_data() {
    let source = Source::new("a.yaml", "a: ä\nb: c\n");
    let fix = Fix::replace(Certainty::Likely, Span::new(3, 5), "x");
    let edit = json!({ "line": 1, "column": 4, "end_line": 1, "end_column": 5, "text": "x" });
    assert_eq!(fix.to_json(&source), json!({ "certainty": "likely", "edits": [edit] }));
}

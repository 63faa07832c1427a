#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;

use super::*;

fn message(text: &str) -> String {
    let error = parse(text).unwrap_err();
    assert_eq!(error.kind, SyntaxKind::Syntax, "{text}");
    error.message
}

#[test]
fn a_mistake_is_told_in_an_authors_words() {
    for (text, said) in [
        ("", "expected a value"),
        ("a +", "expected a value"),
        ("1 2", "expected an operator or the end"),
        ("a ? b", "expected `:` or an operator"),
        ("let a 1 return a", "expected `=`"),
        ("let a = 1", "expected `return` or an operator"),
        ("try a", "expected `catch` or an operator"),
        ("a.", "expected a field's name"),
        ("@std.len", "expected `(` and arguments"),
        ("{a 1}", "expected `:`"),
        ("014", "expected a value"),
        ("a ?? b || c", "`??` beside `&&` or `||` needs brackets"),
        ("{a: 1, 'a': 2}", "the field `a` is given twice"),
        ("(a, a) => a", "`a` is bound twice"),
        ("9223372036854775808", "this whole number does not fit in 64 bits"),
        ("1e999", "this number is too large"),
        ("'\\q'", "there is no escape `\\q`"),
        ("'\\ud800'", "this is the number of no character"),
    ] {
        assert_eq!(message(text), said, "{text}");
    }
}

#[test]
fn a_foreign_operator_has_a_cure() {
    for (text, cure) in [
        ("a === b", "write `==`; it never coerces"),
        ("a !== b", "write `!=`; it never coerces"),
        ("a = 1", "compare with `==`, or name a value with `let a = 1 return …`"),
        ("a ** 2", "multiply with `*`"),
        ("a++", "write `+ 1`"),
        ("a & b", "write `&&`"),
        ("a; b", "an expression has no statements; name parts of it with `let a = 1 return …`"),
    ] {
        assert_eq!(parse(text).unwrap_err().help.as_deref(), Some(cure), "{text}");
    }
}

#[test]
fn places_are_in_bytes_of_the_text() {
    let ast = parse("'ä' + (b.c)").unwrap();
    assert!(matches!(ast.kind, ExprKind::Chain(first, rest)
        if first.span == Span::new(0, 4) && rest.first().unwrap().1.span == Span::new(7, 12)));
}

// R92: on a thread with a small stack, whatever the text.
#[test]
fn deep_texts_are_refused_on_a_small_stack() {
    let test = || {
        let deepest = ["(", "[", "-(", "{a:", "(x) => (", "@f(", "a[", "`${", "a ? (", "try ("];
        for open in deepest {
            let close: String =
                open.chars().rev().filter_map(|c| "([{`".find(c).and_then(|i| ")]}`".get(i..=i))).collect();
            for depth in [8, 31, 32, 33, 1000, 100_000] {
                let text = open.repeat(depth) + "1" + &close.repeat(depth);
                let _ = parse(&text);
            }
        }
        for chain in ["!", "-", "1+", "a.b.", "1 ? 2 : ", "try 1 catch ", "(x) => ", "let a = 1 return ", "1,", "1??"] {
            for count in [16, 32, 33, 400, 100_000] {
                let _ = parse(&(chain.repeat(count) + "1"));
            }
        }
        assert!(parse(&format!("{}1{}", "[".repeat(31), "]".repeat(31))).is_ok());
        assert!(parse(&format!("{}1{}", "(".repeat(32), ")".repeat(32))).is_ok());
        assert!(parse(&format!("{}1{}", "[".repeat(32), "]".repeat(32))).is_err());
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(test).unwrap().join().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "[a-c0-9 .,:?!=<>()\\[\\]{}@$`\"'\\\\+*/%&|-]{0,60}") {
        let _ = parse(&text);
    }
}

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

// R92
#[test]
fn the_limits_hold_at_their_edges() {
    let brackets = |n: usize| "(".repeat(n) + "1" + &")".repeat(n);
    assert!(check(&brackets(32)).is_ok());
    assert_eq!(check(&brackets(33)).unwrap_err().kind, SyntaxKind::Limit);
    assert!(check(&"1".repeat(4096)).is_ok());
    assert_eq!(check(&"1".repeat(4097)).unwrap_err().kind, SyntaxKind::Limit);
}

// R92
#[test]
fn what_nests_without_brackets_counts_too() {
    for piece in ["a ? b : ", "(a) => ", "try ", "let a = ", "try a catch ", "`${", "[{a: ("] {
        assert_eq!(check(&piece.repeat(40)).unwrap_err().kind, SyntaxKind::Limit, "{piece}");
    }
}

#[test]
fn what_stands_side_by_side_does_not_nest() {
    for piece in ["(a ? b : c) + ", "a?.b ?? ", "@f((x) => x) + ", "`${a}` + ", "a ? b : c, "] {
        assert!(check(&piece.repeat(40)).is_ok(), "{piece}");
    }
}

#[test]
fn an_open_end_is_shown_where_it_opens() {
    for (text, at) in [("1 + (2", 4), ("a['x'", 1), ("\"abc", 0), ("f + 'a\\'", 4), ("`a ${b", 3), ("`a", 0)] {
        let error = check(text).unwrap_err();
        assert_eq!((error.kind, error.span.start), (SyntaxKind::Syntax, at), "{text}");
    }
    assert_eq!(check("(1]").unwrap_err().message, "`]` stands where `(` is still open");
    assert_eq!(check("1)").unwrap_err().message, "`)` closes nothing");
    assert!(check("\")]}\" + '`' + `)`").is_ok());
}

#[test]
fn the_closing_brace_of_an_interpolation_is_found() {
    assert_eq!(closing("a} and }", '}'), Ok(1));
    assert_eq!(closing("{a: \"}\"}['}']} }", '}'), Ok(13));
    assert_eq!(closing("`${a}`} x", '}'), Ok(6));
    assert!(closing("a", '}').is_err());
}

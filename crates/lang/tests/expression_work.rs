//! How much work it is to parse an expression grows with its length alone, however it nests and wherever it breaks (R92).

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::num::NonZeroUsize;

use wayfarer_lang::expr::{self, SyntaxKind};

/// What nests: how it opens, how it closes, and how many levels deep that is.
const NESTS: &[(&str, &str, usize)] = &[
    ("(", ")", 1),
    ("[1, ", "]", 1),
    ("{a: ", "}", 1),
    ("a[", "]", 1),
    ("a?[", "]", 1),
    ("a?.b ?? (", ")", 1),
    ("@s.f(1, ", ")", 1),
    ("@(f)(", ")", 1),
    ("@(", ")(1)", 1),
    ("`${", "}`", 2),
    ("(x, y) => ", "", 1),
    ("(x, ", ")", 1),
    ("a ? ", " : b", 1),
    ("a ?", "", 1),
    ("a ? b : ", "", 1),
    ("let a = ", " return a", 1),
    ("let a = 1, b = 2 return ", "", 1),
    ("try ", " catch 1", 2),
    ("try 1 catch ", "", 2),
    ("!(", ")", 2),
];

/// The parser's own count of what it tries. Three fifths of it are the most that any text takes.
const TRIES_PER_BYTE: usize = 100;

// The only test of this program: the parser counts for the whole process.
#[test]
fn work_grows_with_the_length_alone() {
    let mut heavy = Vec::new();
    for (outer, outer_close, outer_levels) in NESTS {
        for (inner, inner_close, inner_levels) in NESTS {
            let times = 31 / (outer_levels + inner_levels);
            for middle in ["1", "1 2", "a ?", "", "    "] {
                let open = format!("{outer}{inner}").repeat(times);
                let close = format!("{inner_close}{outer_close}").repeat(times);
                let text = open + middle + &close;
                pest::set_call_limit(NonZeroUsize::new(text.len() * TRIES_PER_BYTE));
                // A parser that is stopped says the same as one that went too deep, which none of these does.
                if expr::parse(&text).is_err_and(|error| error.kind == SyntaxKind::Limit) {
                    heavy.push(text);
                }
            }
        }
    }
    assert_eq!(heavy, Vec::<String>::new());
    pest::set_call_limit(NonZeroUsize::new(10));
    assert_eq!(expr::parse("(1 + 2) * 3").unwrap_err().kind, SyntaxKind::Limit, "nothing was counted");
}

use proptest::prelude::*;

use super::*;

#[test]
fn slips_are_found() {
    let names = ["success", "failure", "expired", "then", "else", "temp_code_authentication"];
    for (slip, meant) in [
        ("sucess", "success"),
        ("Success", "success"),
        ("failrue", "failure"),
        ("expire", "expired"),
        ("thn", "then"),
        ("lese", "else"),
        ("temp_code_authentification", "temp_code_authentication"),
    ] {
        assert_eq!(nearest(slip, names), Some(meant), "{slip}");
    }
    assert_eq!(nearest("ac", ["abd", "ab", "ad"]), Some("ab"), "the first of equals");
}

#[test]
fn other_words_are_not_offered() {
    let names = ["success", "failure", "a"];
    for word in ["", "x", "done", "unrelated", "surplus_of_letters", "successandfailure"] {
        assert_eq!(nearest(word, names), None, "{word}");
    }
    assert_eq!(nearest(&"s".repeat(10_000), names), None);
}

#[test]
fn edits_are_counted_up_to_the_limit() {
    let chars = |text: &str| text.chars().collect::<Vec<_>>();
    for (a, b, edits) in [("ab", "ba", 1), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("é", "e", 1)] {
        assert_eq!(distance(&chars(a), &chars(b), edits + 1), Some(edits), "{a} {b}");
        assert_eq!(distance(&chars(a), &chars(b), edits), None, "{a} {b}");
    }
}

proptest! {
    #[test]
    fn the_limit_only_cuts(a in "[abc]{0,8}", b in "[abc]{0,8}", limit in 0..9_usize) {
        let (a, b): (Vec<_>, Vec<_>) = (a.chars().collect(), b.chars().collect());
        let whole = distance(&a, &b, usize::MAX / 2);
        prop_assert_eq!(distance(&a, &b, limit), whole.filter(|edits| *edits < limit));
        prop_assert_eq!(whole, distance(&b, &a, usize::MAX / 2));
    }
}

//! The comparison itself.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use wayfarer_step::port::Count;

use crate::fixture::Fixture;
use wayfarer_step::Secret;

#[tokio::test]
async fn r16_r18_only_the_digits_of_the_code_match() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let code = f.issue("ann").await;
    let digits = code.code.expose();
    let Count::Open(ticket) = f.identity.ledger().count(&f.scope(), &Fixture::claim("ann", digits)).await.unwrap()
    else {
        panic!("closed")
    };
    let verifier = f.identity.verifier();
    for (typed, right) in [
        (digits.clone(), true),
        (format!(" {digits} "), true),
        (format!("{digits}0"), false),
        (format!("0{digits}"), false),
        (digits.chars().skip(1).collect(), false),
        (digits.chars().rev().collect::<String>() + "x", false),
        (String::new(), false),
        ("-".to_owned(), false),
        (digits.repeat(20), false),
    ] {
        assert_eq!(verifier.compare(&ticket, &Secret::new(typed.clone())).await.unwrap(), right, "{typed}");
    }
}

#[tokio::test]
async fn pretending_takes_any_text() {
    let f = Fixture::new().await;
    for typed in ["", "482913", "not a code", "٤٨٢٩١٣"] {
        f.identity.verifier().pretend(&Secret::new(typed.to_owned())).await.unwrap();
    }
}

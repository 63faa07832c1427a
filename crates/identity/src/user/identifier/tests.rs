//! One person, one form; two persons, never one form.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;

use super::*;

#[test]
fn what_the_standards_call_equal_becomes_equal() {
    let table = [
        (IdentifierType::Email, " Ann.Lee@Example.COM ", "ann.lee@example.com"),
        (IdentifierType::Email, "ann@BÜCHER.example", "ann@bücher.example"),
        (IdentifierType::PhoneNumber, "+49 (151) 123-456.78", "+4915112345678"),
        (IdentifierType::Username, "  Zoe\u{308} ", "Zo\u{eb}"),
        (IdentifierType::ExternalUserId, "user123", "user123"),
        (IdentifierType::UserId, "User 123", "User 123"),
    ];
    for (kind, typed, normal) in table {
        assert_eq!(kind.normalise(typed).unwrap(), normal);
    }
}

/// T21: the Latin and Cyrillic letters of this table look alike on many screens.
#[test]
fn look_alikes_stay_apart() {
    for (kind, one, other) in [
        (IdentifierType::Username, "paypal", "p\u{430}yp\u{430}l"),
        (IdentifierType::Username, "ann", "Ann"),
        (IdentifierType::Username, "ann", "\u{ff41}nn"),
        (IdentifierType::Email, "ann@example.com", "\u{430}nn@example.com"),
        (IdentifierType::Email, "straße@example.com", "strasse@example.com"),
        (IdentifierType::Email, "i@example.com", "\u{131}@example.com"),
        (IdentifierType::Email, "\u{c4}nn@example.com", "\u{e4}nn@example.com"),
    ] {
        assert_ne!(kind.normalise(one).unwrap(), kind.normalise(other).unwrap(), "{one} {other}");
    }
}

#[test]
fn malformed_identifiers_are_refused() {
    let long = "x".repeat(255);
    for kind in IdentifierType::ALL {
        for bad in ["", "  ", "a\u{0}b", "a\nb", "\u{202e}nna", "a\u{200b}b", long.as_str()] {
            assert!(kind.normalise(bad).is_err(), "{kind} {bad:?}");
        }
    }
    for bad in ["ann", "@example.com", "ann@", "a@b@c", "an n@example.com", "ann@.example", "ann@example."] {
        assert!(IdentifierType::Email.normalise(bad).is_err(), "{bad}");
    }
    for bad in ["4915112345678", "0049151", "+0151123456", "+123456", "+1234567890123456", "+49x151123", "+٤٩١٥١١٢٣٤"]
    {
        assert!(IdentifierType::PhoneNumber.normalise(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_kinds_are_known_by_their_words() {
    for kind in IdentifierType::ALL {
        assert_eq!(kind.as_str().parse::<IdentifierType>().unwrap(), kind);
    }
    let error = "mail".parse::<IdentifierType>().unwrap_err().to_string();
    assert!(error.contains("`email`"), "{error}");
}

proptest! {
    #[test]
    fn a_normal_form_is_its_own_normal_form(value in "\\PC{0,40}", index in 0_usize..5) {
        let kind = IdentifierType::ALL.into_iter().nth(index).unwrap();
        if let Ok(normal) = kind.normalise(&value) {
            prop_assert_eq!(kind.normalise(&normal).unwrap(), normal);
        }
    }
}

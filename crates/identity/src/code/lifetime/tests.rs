//! Which lifetimes a code may have, and how many digits they ask for.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn r06_only_json_integers_within_the_bounds_are_lifetimes() {
    for good in [60, 300, 3_600] {
        assert_eq!(Lifetime::from_json(&json!(good)).unwrap().seconds(), good);
    }
    let bad = [
        "59",
        "3601",
        "0",
        "-60",
        "60.0",
        "300.5",
        "\"300\"",
        "null",
        "true",
        "[300]",
        "{}",
        "1e3",
        "18446744073709551615",
        "-9223372036854775808",
    ];
    for bad in bad {
        let value: Json = serde_json::from_str(bad).unwrap();
        assert!(Lifetime::from_json(&value).is_err(), "{bad}");
    }
    // A number beyond every type is no JSON value of ours in the first place.
    assert!(serde_json::from_str::<Json>("1e400").is_err());
}

#[test]
fn r03_a_longer_life_asks_for_more_digits() {
    let digits = |seconds, floor| Lifetime::from_seconds(seconds).unwrap().digits(floor);
    assert_eq!([digits(60, 6), digits(600, 6), digits(601, 6), digits(3_600, 6)], [6, 6, 8, 8]);
    assert_eq!([digits(60, 7), digits(601, 7), digits(601, 10)], [7, 8, 10]);
}

proptest! {
    #[test]
    fn r06_nothing_clamps_or_wraps(seconds: i64, text in "\\PC{0,24}") {
        let within = (60..=3_600).contains(&seconds);
        prop_assert_eq!(Lifetime::from_seconds(seconds).is_ok(), within);
        prop_assert_eq!(Lifetime::from_json(&json!(seconds)).is_ok(), within);
        prop_assert_eq!(seconds.to_string().parse::<Lifetime>().is_ok(), within);
        if let Ok(lifetime) = text.parse::<Lifetime>() {
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_digit()));
            prop_assert!((60..=3_600).contains(&lifetime.seconds()));
        }
    }

    #[test]
    fn r06_no_wide_integer_slips_in(seconds: i128) {
        let parsed = seconds.to_string().parse::<Lifetime>();
        prop_assert_eq!(parsed.is_ok(), (60..=3_600).contains(&seconds));
    }
}

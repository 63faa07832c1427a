#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::read;
use crate::refusal::Refusal;

#[test]
fn parameters_are_decoded_and_empty_ones_are_not_there() {
    let read = read(b"a=x+y%20z&b=%C3%A4&c=&d").unwrap();
    assert_eq!((read.get("a"), read.get("b")), (Some("x y z"), Some("ä")));
    assert_eq!((read.get("c"), read.get("d"), read.get("e")), (None, None, None));
}

#[test]
fn r66_a_parameter_that_comes_twice_is_refused_in_every_place() {
    for text in ["a=1&a=1", "a=1&b=2&a=3", "a=&a=1", "a=1&%61=2", "&a=1&&a=2"] {
        assert_eq!(read(text.as_bytes()).unwrap_err(), Refusal::malformed("a parameter comes twice"), "{text}");
    }
}

#[test]
fn what_is_not_utf8_or_too_much_is_refused() {
    for text in [&b"a=%FF"[..], b"a=\xff", b"%C3=1"] {
        assert_eq!(read(text).unwrap_err(), Refusal::malformed("the parameters are not UTF-8"));
    }
    let many = |count| (0..count).map(|index| format!("p{index}=1")).collect::<Vec<_>>().join("&");
    assert!(read(many(64).as_bytes()).is_ok());
    assert_eq!(read(many(65).as_bytes()).unwrap_err(), Refusal::TooLarge);
}

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;

use super::read;
use crate::Limits;
use crate::refusal::Refusal;

fn why(text: impl AsRef<[u8]>) -> Refusal {
    read(text.as_ref(), &Limits::default()).unwrap_err()
}

#[test]
fn every_kind_of_value_is_read() {
    let text = r#"{"a":[1,-1,2.5,18446744073709551615,"x",true,null,{}],"b":{"a":1}}"#;
    let value = read(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(value, json!({ "a": [1, -1, 2.5, u64::MAX, "x", true, null, {}], "b": { "a": 1 } }));
}

#[test]
fn a_key_that_comes_twice_is_refused_at_any_depth_and_spelling() {
    for text in [r#"{"a":1,"a":1}"#, r#"{"x":[{"a":1,"b":2,"a":3}]}"#, r#"{"a":1,"\u0061":2}"#] {
        assert_eq!(why(text), Refusal::malformed("a key of an object comes twice"), "{text}");
    }
}

#[test]
fn r83_depth_and_keys_are_bounded_just_there() {
    let deep = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(deep(32).as_bytes(), &Limits::default()).is_ok());
    assert_eq!(why(deep(33)), Refusal::malformed("the body is nested too deep"));
    assert_eq!(why("[".repeat(60_000)), Refusal::malformed("the body is nested too deep"));

    let wide = |keys| format!("[{}]", (0..keys).map(|key| format!(r#"{{"k{key}":0}}"#)).collect::<Vec<_>>().join(","));
    assert!(read(wide(1_000).as_bytes(), &Limits::default()).is_ok());
    assert_eq!(why(wide(1_001)), Refusal::TooLarge);
}

#[test]
fn what_is_no_json_is_refused_without_a_word_of_it() {
    let texts = ["", " ", "{", "{\"a\":}", "[1,]", "s3cr3t", "{} {}", "nul", "01", "NaN", "'a'", "{a:1}", "\u{feff}{}"];
    for text in texts {
        assert_eq!(why(text), Refusal::malformed("the body is not JSON"), "{text}");
    }
    assert_eq!(why(b"{\"a\":\"\xff\"}"), Refusal::malformed("the body is not UTF-8"));
    assert_eq!(why(b"{\"a\xc3\":1}"), Refusal::malformed("the body is not UTF-8"));
}

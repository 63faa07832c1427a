use proptest::prelude::*;
use serde_json::{Value as Json, json};
use wayfarer_lang::Value;

use super::Fingerprint;

fn of(json: Json) -> [u8; 32] {
    Fingerprint::new("test").value(&Value::from(json)).finish()
}

#[test]
fn the_order_of_fields_does_not_tell_requests_apart_and_everything_else_does() {
    let one = Value::from(serde_json::from_str::<Json>(r#"{ "a": 1, "b": { "c": 2, "d": 3 } }"#).unwrap_or_default());
    let fields = [("b", json!({ "d": 3, "c": 2 })), ("a", json!(1))];
    let other: wayfarer_lang::Object =
        fields.into_iter().map(|(name, field)| (name.into(), Value::from(field))).collect();
    let print = |value: &Value| Fingerprint::new("test").value(value).finish();
    assert_eq!(print(&one), print(&Value::from(other)));

    let different = [
        json!(null),
        json!(0),
        json!(false),
        json!(""),
        json!("0"),
        json!([]),
        json!({}),
        json!([[]]),
        json!([[], []]),
        json!(["a", "b"]),
        json!(["ab"]),
        json!({ "a": "b" }),
        json!(["object", "a", "b"]),
        json!({ "a": null }),
    ];
    let prints: std::collections::BTreeSet<_> = different.iter().cloned().map(of).collect();
    assert_eq!(prints.len(), different.len());
}

proptest! {
    /// Parts keep their borders (R106).
    #[test]
    fn what_is_moved_from_one_part_to_the_next_is_another_request(text in ".{1,20}", at in 0_usize..20) {
        let at = text.char_indices().map(|(index, _)| index).nth(at).unwrap_or(text.len());
        let (head, tail) = text.split_at(at);
        prop_assume!(!tail.is_empty());
        let parts = |one: &str, other: &str| Fingerprint::new("test").text(one).text(other).finish();
        prop_assert_ne!(parts(head, tail), parts(&text, ""));
    }
}

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::{Value as Json, json};

use super::*;

fn ty(json: Json) -> Type {
    serde_json::from_value(json).unwrap()
}

fn accept(form: Json, value: Json) -> Result<Json, String> {
    ty(form).accept(&Value::from(value)).map(|value| value.to_json_masked()).map_err(|error| error.to_string())
}

#[test]
fn a_type_goes_out_as_it_was_written() {
    for form in [
        json!("string"),
        json!("any"),
        json!({"type": "string", "secret": true}),
        json!({"type": "integer", "default": null, "nullable": true}),
        json!({"type": "string", "values": ["a", "b"], "required": false}),
        json!({"type": "array", "items": "date", "min_length": 1, "max_length": 9}),
        json!({"type": "object", "properties": {"z": "number", "a": {"type": "string", "max_length": 3}}}),
    ] {
        assert_eq!(serde_json::to_value(ty(form.clone())).unwrap(), form);
    }
    assert_eq!(serde_json::to_value(ty(json!({"type": "string"}))).unwrap(), json!("string"));
}

#[test]
fn unknown_words_and_keys_are_refused() {
    for form in [json!("text"), json!({"type": "text"}), json!({"kind": "string"}), json!({"type": "string", "max": 3})]
    {
        assert!(serde_json::from_value::<Type>(form.clone()).is_err(), "{form}");
    }
}

#[test]
fn each_kind_takes_its_own_and_nothing_else() {
    let samples = json!([null, "a", 1, 1.5, true, "2026-11-23", {}, []]);
    let table = [
        ("string", [false, true, false, false, false, true, false, false]),
        ("number", [false, false, true, true, false, false, false, false]),
        ("integer", [false, false, true, false, false, false, false, false]),
        ("boolean", [false, false, false, false, true, false, false, false]),
        ("date", [false, false, false, false, false, true, false, false]),
        ("object", [false, false, false, false, false, false, true, false]),
        ("array", [false, false, false, false, false, false, false, true]),
        ("any", [true; 8]),
    ];
    for (word, expected) in table {
        let accepted: Vec<bool> =
            samples.as_array().unwrap().iter().map(|value| accept(json!(word), value.clone()).is_ok()).collect();
        assert_eq!(accepted, expected, "{word}");
    }
}

#[test]
fn a_date_is_a_real_day_in_one_form() {
    for wrong in ["2026-02-30", "20261123", "2026-11-23T00:00", "+02026-1-1", "2026-W47-1"] {
        assert_eq!(accept(json!("date"), json!(wrong)), Err("expected a date such as `2026-11-23`".into()), "{wrong}");
    }
}

#[test]
fn limits_hold_at_their_edges() {
    let text = json!({"type": "string", "min_length": 2, "max_length": 3});
    assert!(accept(text.clone(), json!("ä")).is_err());
    assert!(accept(text.clone(), json!("äöü")).is_ok());
    assert_eq!(accept(text, json!("abcd")), Err("must have at most 3 characters".into()));
    let number = json!({"type": "integer", "minimum": 60, "maximum": 3600});
    assert_eq!(accept(number.clone(), json!(60.0)), Ok(json!(60)));
    assert_eq!(accept(number.clone(), json!(59)), Err("must be at least 60".into()));
    assert!(accept(number, json!(3601)).is_err());
    assert!(accept(json!({"type": "string", "values": ["a"]}), json!("b")).is_err());
    assert!(accept(json!({"type": "string", "nullable": true}), json!(null)).is_ok());
}

#[test]
fn an_object_takes_its_fields_and_no_others() {
    let form = json!({"type": "object", "properties": {
        "name": "string",
        "age": {"type": "integer", "required": false},
        "tags": {"type": "array", "items": "string", "default": []},
    }});
    assert_eq!(accept(form.clone(), json!({"name": "ann"})), Ok(json!({"name": "ann", "tags": []})));
    assert_eq!(accept(form.clone(), json!({})), Err("`name`: this field is missing".into()));
    assert_eq!(accept(form.clone(), json!({"name": "a", "x": 1})), Err("`x`: there is no such field".into()));
    let deep = accept(form, json!({"name": "a", "tags": ["b", 1]}));
    assert_eq!(deep, Err("`tags[1]`: expected a string, found a number".into()));
}

// R99
#[test]
fn a_secret_type_wraps_and_others_refuse_secrets() {
    let form = ty(json!({"type": "object", "properties": {"code": {"type": "string", "secret": true}}}));
    let accepted = form.accept(&Value::from(json!({"code": "482913"}))).unwrap();
    assert!(matches!(accepted.get("code"), Some(Value::Secret(_))));
    let secret = Value::from("482913").into_secret();
    assert!(Type::string().secret().accept(&secret).unwrap().holds_secret());
    assert!(Type::string().accept(&secret).is_err());
    assert!(Type::any().accept(&secret).is_err());
    let refused = Type::integer().secret().accept(&secret).unwrap_err();
    assert!(!refused.to_string().contains("482913"));
}

#[test]
fn a_type_that_contradicts_itself_is_found() {
    for (form, path) in [
        (json!({"type": "string", "items": "string"}), "items"),
        (json!({"type": "string", "properties": {}}), "properties"),
        (json!({"type": "number", "max_length": 1}), "type"),
        (json!({"type": "string", "minimum": 1}), "type"),
        (json!({"type": "string", "min_length": 3, "max_length": 2}), "min_length"),
        (json!({"type": "string", "values": []}), "values"),
        (json!({"type": "string", "values": ["a", 1]}), "values[1]"),
        (json!({"type": "string", "values": ["a"], "default": "b"}), "default"),
        (json!({"type": "array", "items": {"type": "string", "default": 1}}), "items.default"),
        (json!({"type": "object", "properties": {"a": {"type": "date", "default": "x"}}}), "properties.a.default"),
    ] {
        assert_eq!(ty(form).validate().unwrap_err().path, path);
    }
    assert_eq!(ty(json!({"type": "string", "secret": true, "values": ["a"], "default": "a"})).validate(), Ok(()));
}

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use serde::Deserialize;
use serde_json::json;

use super::stored::{self, Stored};
use super::*;

fn value(json: serde_json::Value) -> Value {
    Value::from(json)
}

#[test]
fn equality_is_the_languages_own() {
    assert_eq!(Value::Int(1), Value::Float(1.0));
    assert_ne!(Value::Int(i64::MAX), Value::Float(i64::MAX as f64));
    assert_ne!(Value::Int(1), Value::from("1"));
    assert_eq!(value(json!({"a": 1, "b": [2.0]})), value(json!({"b": [2], "a": 1.0})));
    assert_ne!(value(json!([1, 2])), value(json!([2, 1])));
}

// R99
#[test]
fn a_secret_equals_nothing_and_prints_as_a_mask() {
    let secret = Value::from("482913").into_secret();
    assert_ne!(secret, secret.clone());
    assert_ne!(secret, Value::from("482913"));
    assert_eq!(format!("{:?}", Value::from(vec![secret])), "Array([Secret([secret])])");
}

// R99
#[test]
fn a_secret_does_not_leave_as_json() {
    let secret = Value::from("482913").into_secret();
    let whole = Value::from(Object::from_iter([("list".into(), Value::from(vec![Value::Null, secret]))]));
    assert_eq!(whole.to_json(), Err(SecretInOutput { path: "list[1]".into() }));
    assert_eq!(whole.to_json_masked(), json!({"list": [null, "[secret]"]}));
    assert!(whole.holds_secret());
}

#[test]
fn json_goes_in_and_out_unchanged() {
    let json = json!({"z": 1, "a": [true, null, 1.5, "text"], "o": {}});
    assert_eq!(value(json.clone()).to_json().unwrap(), json);
    assert_eq!(value(json!(u64::MAX)), Value::Float(u64::MAX as f64));
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
struct Params {
    name: String,
    count: Option<u8>,
    #[serde(default)]
    mode: Mode,
    data: Option<Value>,
}

#[derive(Debug, Deserialize, PartialEq, Default)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Plain,
    Sized(u32),
    Named {
        name: String,
    },
}

#[test]
fn a_value_becomes_a_rust_type() {
    let read = |json| value(json).deserialize_into::<Params>().unwrap();
    assert_eq!(read(json!({"name": "a"})), Params { name: "a".into(), count: None, mode: Mode::Plain, data: None });
    assert_eq!(read(json!({"name": "a", "count": 2.0, "mode": {"sized": 3}})).mode, Mode::Sized(3));
    assert_eq!(read(json!({"name": "a", "mode": {"named": {"name": "b"}}})).mode, Mode::Named { name: "b".into() });
    assert_eq!(read(json!({"name": "a", "data": [1, {"x": null}]})).data, Some(value(json!([1, {"x": null}]))));
}

#[test]
fn a_misfit_names_its_field_and_no_value() {
    let error = |json| value(json).deserialize_into::<Vec<Params>>().unwrap_err();
    let wrong = error(json!([{"name": "a"}, {"name": 482_913}]));
    assert_eq!((wrong.path.as_str(), wrong.message.as_str()), ("[1].name", "expected a string, found a number"));
    assert_eq!(wrong.to_string(), "`[1].name`: expected a string, found a number");
    assert_eq!(error(json!([{"name": "a", "count": 482_913}])).message, "expected u8");
    assert_eq!(error(json!([{"name": "a", "mode": "hunter2"}])).message, "expected one of `plain`, `sized`, `named`");
    assert_eq!(error(json!([{}])).path, "[0]");
}

#[derive(Debug, Deserialize)]
struct Login {
    user: String,
    code: Secret<String>,
}

// R99
#[test]
fn only_a_secret_field_takes_a_secret() {
    let login = |user: Value, code: Value| {
        Value::from(Object::from_iter([("user".into(), user), ("code".into(), code)])).deserialize_into::<Login>()
    };
    let secret = Value::from("482913").into_secret();
    assert_eq!(login("ann".into(), secret.clone()).unwrap().code.expose(), "482913");
    let plain = login("ann".into(), "482913".into()).unwrap();
    assert_eq!((plain.user.as_str(), plain.code.expose().as_str()), ("ann", "482913"));
    let error = login(secret.clone(), secret).unwrap_err();
    assert_eq!((error.path.as_str(), error.message.as_str()), ("user", "a secret is not accepted here"));
    assert!(Value::from("x").into_secret().deserialize_into::<Value>().is_err());
}

// R99
#[test]
fn a_secret_of_the_wrong_form_is_not_quoted() {
    let error = Value::Int(482_913).into_secret().deserialize_into::<Secret<String>>().unwrap_err();
    assert!(!error.to_string().contains("482913"), "{error}");
}

#[test]
fn a_stored_value_comes_back_whole() {
    let plain = value(json!({"z": [1, 2.5, "ä", null, true, false], "a": {}}));
    assert_eq!(stored::from_bytes(&stored::to_bytes(&plain)), Ok(plain.clone()));
    let secret = Value::from(vec![Value::from("482913").into_secret()]);
    let back = stored::from_bytes(&stored::to_bytes(&secret)).unwrap();
    assert_eq!(back.to_json_masked(), json!(["[secret]"]));
    assert_eq!(back.as_array().unwrap()[0].deserialize_into::<Secret<String>>().unwrap().expose(), "482913");
    let json = serde_json::to_string(&Stored(plain.clone())).unwrap();
    assert_eq!(serde_json::from_str::<Stored<Value>>(&json).unwrap(), Stored(plain));
}

#[test]
fn foreign_bytes_are_no_stored_value() {
    let whole = stored::to_bytes(&value(json!({"a": ["b", 1]})));
    for cut in 0..whole.len() {
        assert_eq!(stored::from_bytes(&whole[..cut]), Err(stored::NotStored));
    }
    // One item each, a million deep; and one array that claims to be endless.
    let deep = [6, 1, 0, 0, 0, 0, 0, 0, 0].repeat(1_000_000);
    assert_eq!(stored::from_bytes(&deep), Err(stored::NotStored));
    assert_eq!(stored::from_bytes(&[6, 255, 255, 255, 255, 255, 255, 255, 127, 0]), Err(stored::NotStored));
}

#[test]
fn truth_follows_the_table() {
    let truths = [json!(null), json!(false), json!(true), json!(0), json!(0.0), json!(-1), json!(""), json!([])]
        .map(|json| value(json).truth());
    assert_eq!(truths, [false, false, true, false, false, true, true, true].map(Some));
    assert_eq!(Value::from("x").into_secret().truth(), None);
}

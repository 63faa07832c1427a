#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use serde::Deserialize;
use serde_json::json;

use super::read;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only what is refused is looked at")]
struct Form {
    name: String,
    #[serde(default)]
    inner: Vec<Inner>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only what is refused is looked at")]
struct Inner {
    number: u32,
}

#[test]
fn a_fault_has_its_place_and_says_nothing_of_the_value() {
    let faults = [
        (json!({}), "#", "missing field `name`"),
        (json!({ "name": "x", "hunter2": "y" }), "#/hunter2", "there is no such field; expected `name` or `inner`"),
        (json!({ "name": ["hunter2"] }), "#/name", "the value is not one that the field takes"),
        (
            json!({ "name": "x", "inner": [{ "number": 1 }, { "number": "hunter2" }] }),
            "#/inner/1/number",
            "the value is not one that the field takes",
        ),
    ];
    for (body, pointer, detail) in faults {
        let problem = serde_json::to_value(read::<Form>(body.clone()).unwrap_err()).unwrap();
        assert_eq!(problem["errors"], json!([{ "pointer": pointer, "detail": detail }]), "{body}");
    }
    let long = json!({ "name": "x", "y".repeat(65): 1 });
    let problem = serde_json::to_value(read::<Form>(long).unwrap_err()).unwrap();
    assert_eq!(problem["errors"][0]["pointer"], "#");
    assert!(read::<Form>(json!(["x"])).is_err(), "a sequence is no object");
    assert!(read::<Form>(json!({ "name": "x" })).is_ok());
}

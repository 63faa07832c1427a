#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;
use wayfarer_lang::Value;

use super::made_up;

#[test]
fn parts_that_no_answer_is_made_of_make_none() {
    let bad = [
        json!({ "headers": { "Set-Cookie": "a=b" } }),
        json!({ "headers": { "x": "a\r\nset-cookie: b" } }),
        json!({ "headers": { "x": true } }),
        json!({ "headers": { "transfer-encoding": "chunked" } }),
        json!({ "headers": { "x y": "a" } }),
        json!({ "headers": ["x"] }),
        json!({ "status": 99 }),
        json!({ "status": 70_000 }),
        json!({ "status": "200" }),
        json!({ "headers": { "content-type": "text/html" }, "data": { "a": 1 } }),
        json!(null),
    ];
    for parts in bad {
        assert!(made_up(Some(&Value::from(parts.clone()))).is_none(), "{parts}");
    }
    assert!(made_up(None).is_none());
    let good = json!({ "status": 303, "headers": { "Location": "https://a.example/" }, "data": null });
    let response = made_up(Some(&Value::from(good))).unwrap();
    assert_eq!(
        (response.status().as_u16(), response.headers().get("location").unwrap().as_bytes()),
        (303, &b"https://a.example/"[..])
    );
    assert_eq!(made_up(Some(&Value::from(json!({})))).unwrap().status(), 200);
}

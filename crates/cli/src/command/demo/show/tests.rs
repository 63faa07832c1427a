use hyper::body::Bytes;
use serde_json::json;

use super::*;

fn sent(body: Body) -> String {
    call(&Call { path: "/x", body, token: Some("very.secret.token".to_owned()) }).concat()
}

#[test]
fn r114_what_is_shown_holds_no_secret_and_no_whole_code() {
    let form = sent(Body::Form(vec![("client_id", "support".to_owned()), ("client_secret", "wfs_canary".to_owned())]));
    assert!(form.contains("client_id=support") && form.contains("client_secret=…"), "{form}");
    let body = json!({ "data": { "params": [{ "temp_code": "482913", "external_user_id": "user123" }] } });
    let shown = sent(Body::Json(body));
    assert!(shown.contains(r#""temp_code":"48••••""#) && shown.contains("user123"), "{shown}");
    let body = json!({ "access_token": "canary", "code": "482913", "data": { "token": "canary", "sid": "canary" } });
    let shown_answer = answer(&Answer { status: StatusCode::OK, body, bytes: Bytes::new() });
    for shown in [form, shown, shown_answer] {
        for secret in ["canary", "482913", "very.secret"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

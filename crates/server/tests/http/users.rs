//! Users: added and looked up in the documented shapes.

use serde_json::{Value as Json, json};

use crate::rig::World;

const USERS: &str = "/cis/v1/users";

#[tokio::test]
async fn a_user_is_added_and_found_by_every_identifier() {
    let world = World::new().await;
    let token = world.token().await;
    let new = json!({
        "email": "Ann@Example.com", "phone_number": "+4915112345678", "username": "ann b/c", "external_user_id": "user123",
    });
    let added = world.call("POST", USERS, &token, &new).await;
    assert_eq!(added.status, 201, "{added:?}");
    let shown = added.json();
    let id = shown["result"]["user_id"].as_str().unwrap().to_owned();
    let expected = json!({
        "user_id": id,
        "status": "Active",
        "created_at": 1_767_225_600,
        "external_user_id": "user123",
        "username": "ann b/c",
        "email": { "value": "ann@example.com", "email_verified": false },
        "phone_number": { "value": "+4915112345678", "phone_number_verified": false },
    });
    assert_eq!(shown["result"], expected);
    let paths = [
        format!("{USERS}/{id}"),
        format!("{USERS}/email/ann%40example.com"),
        format!("{USERS}/username/ann%20b%2Fc"),
        format!("{USERS}/external-user-id/user123"),
        format!("{USERS}/phone-number/%2B4915112345678"),
        format!("{USERS}/identifier?identifier_name=email&identifier_value=ann%40example.com"),
        format!("{USERS}/identifier?identifier_name=external_user_id&identifier_value=user123"),
    ];
    for path in paths {
        let found = world.call("GET", &path, &token, &Json::Null).await;
        assert_eq!((found.status, found.json()), (200, shown.clone()), "{path}");
    }
}

#[tokio::test]
async fn errors_have_the_shape_of_this_interface() {
    let world = World::new().await;
    let token = world.token().await;
    let unknown = world.call("GET", &format!("{USERS}/nobody"), &token, &Json::Null).await;
    assert_eq!(
        (unknown.status, unknown.json()),
        (404, json!({ "message": "there is no such user", "error_code": 404 }))
    );

    let ann = json!({ "email": "ann@example.com" });
    assert_eq!(world.call("POST", USERS, &token, &ann).await.status, 201);
    let taken = world.call("POST", USERS, &token, &ann).await;
    let expected =
        json!({ "message": "the email is taken already", "error_code": 409, "ts_error_code": "identifier_taken" });
    assert_eq!((taken.status, taken.json()), (409, expected));

    let bad = [
        json!({}),
        json!({ "user_id": "x" }),
        json!({ "email": "x" }),
        json!({ "email": 1 }),
        json!({ "name": "Ann" }),
        json!([]),
        json!({ "phone_number": "0151" }),
    ];
    for body in bad {
        let refused = world.call("POST", USERS, &token, &body).await;
        let json = refused.json();
        assert_eq!((refused.status, &json["error_code"]), (400, &json!(400)), "{body}");
        assert_eq!(json["message"].as_array().map(Vec::len), Some(1), "{body}");
    }
    for query in [
        "",
        "?identifier_name=email",
        "?identifier_name=shoe&identifier_value=1",
        "?identifier_name=a&identifier_name=b",
    ] {
        let refused = world.call("GET", &format!("{USERS}/identifier{query}"), &token, &Json::Null).await;
        assert_eq!(refused.status, 400, "{query}");
    }
}

//! Users: added and looked up in the documented shapes.

use serde_json::{Value as Json, json};

use crate::rig::{Page, World};

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
        "updated_at": 1_767_225_600,
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
        json!({ "email": "b@example.com", "name": "Ann" }),
        json!({ "email": "b@example.com", "name": { "nick": "Ann" } }),
        json!({ "email": "b@example.com", "custom_data": "x" }),
        json!({ "email": "b@example.com", "custom_data": { "x": "y".repeat(16 << 10) } }),
        json!({ "email": "b@example.com", "birthday": "2000-01-01" }),
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

#[tokio::test]
async fn a_user_is_changed_field_by_field() {
    let world = World::new().await;
    let (id, token) = (world.user("user123").await, world.token().await);
    world.advance(5);
    let changes = json!({
        "email": "Ann@Example.com",
        "name": { "first_name": "Ann", "last_name": "Lee" },
        "custom_data": { "tier": "gold", "since": [1, 2.5, null] },
        "external_user_id": null,
    });
    let path = format!("{USERS}/{id}");
    let changed = world.call("PUT", &path, &token, &changes).await;
    let expected = json!({ "result": {
        "user_id": id,
        "status": "Active",
        "created_at": 1_767_225_600,
        "updated_at": 1_767_225_605,
        "email": { "value": "ann@example.com", "email_verified": false },
        "name": { "first_name": "Ann", "last_name": "Lee" },
        "custom_data": { "tier": "gold", "since": [1, 2.5, null] },
    } });
    assert_eq!((changed.status, changed.json()), (200, expected.clone()));
    assert_eq!(world.call("GET", &path, &token, &Json::Null).await.json(), expected);
    assert_eq!(world.call("GET", &format!("{USERS}/external-user-id/user123"), &token, &Json::Null).await.status, 404);

    world.user("user124").await;
    let refused = [
        (json!({ "external_user_id": "user124" }), 409),
        (json!({ "email": null }), 400),
        (json!({ "email": 7 }), 400),
        (json!({ "user_id": "x" }), 400),
        (json!({ "status": "Disabled" }), 400),
        (json!({ "name": [] }), 400),
    ];
    for (changes, status) in refused {
        let reply = world.call("PUT", &path, &token, &changes).await;
        assert_eq!((reply.status, &reply.json()["error_code"]), (status, &json!(status)), "{changes}");
    }
    assert_eq!(world.call("PUT", &format!("{USERS}/nobody"), &token, &json!({})).await.status, 404);
    assert_eq!(
        world.call("GET", &path, &token, &Json::Null).await.json(),
        expected,
        "nothing of that changed anything"
    );
}

#[tokio::test]
async fn a_deleted_user_is_gone_for_every_call() {
    let world = World::new().await;
    let (id, token) = (world.user("user123").await, world.token().await);
    let code = world.code("user123").await;
    let path = format!("/cis/v1/manage/users/{id}");
    let reader = world.token_for(&[("scope", "users:read")]).await;
    assert_eq!(world.call("DELETE", &path, &reader, &Json::Null).await.status, 403);
    let deleted = world.call("DELETE", &path, &token, &Json::Null).await;
    assert_eq!((deleted.status, &*deleted.body), (204, ""));
    let unknown = json!({ "message": "there is no such user", "error_code": 404 });
    let again = world.call("DELETE", &path, &token, &Json::Null).await;
    assert_eq!((again.status, again.json()), (404, unknown));
    assert_eq!(world.call("GET", &format!("{USERS}/{id}"), &token, &Json::Null).await.status, 404);
    let mut page = Page::new(&world);
    page.start("temp_code_auth_journey", json!({ "external_user_id": "user123", "temp_code": code })).await;
    assert_eq!(page.last["data"]["state"], "rejected");
    let taken = world.call("POST", USERS, &token, &json!({ "user_id": id, "username": "eve" })).await;
    assert_eq!(taken.status, 409, "the id means nobody else");
}

#[tokio::test]
async fn users_are_listed_in_pages() {
    let world = World::new().await;
    let token = world.token().await;
    for number in 0..5 {
        world.user(&format!("user{number}")).await;
    }
    let list = async |query: &str| world.call("GET", &format!("{USERS}{query}"), &token, &Json::Null).await;
    let (first, second) = (list("?page_limit=3").await.json(), list("?page_offset=3&page_limit=3").await.json());
    assert_eq!(first["page_info"], json!({ "page_offset": 0, "page_limit": 3, "count": 3 }));
    assert_eq!((&first["total_count"], &second["total_count"]), (&json!(5), &json!(5)));
    let mut seen = std::collections::BTreeSet::new();
    for user in [&first, &second].into_iter().flat_map(|page| page["result"].as_array().unwrap()) {
        assert!(seen.insert(user["external_user_id"].to_string()), "{user}");
    }
    assert_eq!(seen.len(), 5);
    let found = list("?search=external_user_id%20eq%20%22user3%22").await.json();
    assert_eq!((&found["total_count"], &found["result"][0]["external_user_id"]), (&json!(1), &json!("user3")));
    for bad in [
        "?page_limit=0",
        "?page_limit=101",
        "?page_limit=%2B1",
        "?page_offset=-1",
        "?search=ann",
        "?sort_by=x",
        "?page_offset=",
        "?search=",
        "?page_offset=9223372036854775808",
    ] {
        assert_eq!(list(bad).await.status, 400, "{bad}");
    }
}

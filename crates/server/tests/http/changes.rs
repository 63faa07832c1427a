//! Users over HTTP: what is absent stays, what is `null` goes, and who is deleted is gone for good.

use serde_json::{Value as Json, json};

use crate::administration::boss;
use crate::own::is_problem;
use crate::rig::World;

#[tokio::test]
async fn what_is_named_changes_what_is_null_goes_and_the_rest_stays() {
    let world = World::new().await;
    let token = boss(&world).await;
    let new = json!({ "external_user_id": "user123", "email": "ann@example.com", "username": "ann" });
    let added = world.manage("POST", "/admin/v1/users", &token, &new).await.json();
    let id = added["user_id"].as_str().unwrap();
    world.user("other").await;
    let change = async |body: Json| world.manage("PATCH", &format!("/admin/v1/users/{id}"), &token, &body).await;

    let name = json!({ "title": "Dr.", "last_name": "Smith" });
    let order = json!({ "email": "Ann@Example.org", "username": null, "name": name, "custom_data": { "tier": 2 } });
    let changed = change(order).await;
    let user = changed.json();
    assert_eq!(
        (changed.status, &user["email"], user.get("username")),
        (200, &json!("ann@example.org"), None),
        "{user}"
    );
    assert_eq!((&user["external_user_id"], &user["user_id"]), (&json!("user123"), &added["user_id"]));
    assert_eq!((&user["name"], &user["custom_data"]), (&name, &json!({ "tier": 2 })));
    assert_eq!(change(json!({})).await.json(), user, "nothing is named");
    let gone = change(json!({ "name": null, "custom_data": null, "external_user_id": null })).await.json();
    let left = ["name", "custom_data", "external_user_id"].map(|field| gone.get(field).is_some());
    assert_eq!(left, [false; 3], "{gone}");

    for (body, status, code) in [
        (json!({ "email": null }), 422, "rule_broken"),
        (json!({ "email": "x@" }), 422, "rule_broken"),
        (json!({ "external_user_id": "other" }), 409, "identifier_taken"),
        (json!({ "user_id": "x" }), 400, "invalid_input"),
        (json!({ "email": 1 }), 400, "invalid_input"),
        (json!({ "name": { "nick": "x" } }), 400, "invalid_input"),
        (json!({ "name": { "title": "" } }), 422, "rule_broken"),
        (json!({ "custom_data": [] }), 400, "invalid_input"),
        (json!({ "custom_data": { "x": "y".repeat(16 << 10) } }), 422, "rule_broken"),
    ] {
        is_problem(&change(body).await, status, code);
    }
    let nobody = world.manage("PATCH", "/admin/v1/users/nobody", &token, &json!({})).await;
    is_problem(&nobody, 404, "unknown_user");
    let path = format!("/admin/v1/audit?name=user.updated&user_id={id}");
    let trail = world.manage("GET", &path, &token, &Json::Null).await.json();
    assert_eq!(trail["entries"].as_array().unwrap().len(), 2, "{trail}");
    assert_eq!(trail["entries"][0]["actor"], json!({ "kind": "agent", "id": "boss/sam" }));
    assert!(!trail.to_string().contains("example.org"), "only the names of the fields are told");
}

#[tokio::test]
async fn who_is_deleted_is_gone_and_the_id_stays_taken() {
    let world = World::new().await;
    let token = boss(&world).await;
    let id = world.user("user123").await;
    world.code("user123").await;
    let delete = async || world.manage("DELETE", "/admin/v1/users/user123", &token, &Json::Null).await;
    let gone = delete().await;
    assert_eq!((gone.status, gone.body.as_str()), (204, ""), "{gone:?}");
    is_problem(&delete().await, 404, "unknown_user");
    is_problem(&world.manage("GET", &format!("/admin/v1/users/{id}"), &token, &Json::Null).await, 404, "unknown_user");
    let again = world.manage("POST", "/admin/v1/users", &token, &json!({ "user_id": id })).await;
    is_problem(&again, 409, "identifier_taken");
    let path = format!("/admin/v1/audit?name=user.deleted&user_id={id}");
    let trail = world.manage("GET", &path, &token, &Json::Null).await.json();
    assert_eq!(trail["entries"][0]["actor"], json!({ "kind": "agent", "id": "boss/sam" }), "{trail}");
}

#[tokio::test]
async fn a_user_may_have_an_id_and_nothing_else() {
    let world = World::new().await;
    let token = boss(&world).await;
    let added = world.manage("POST", "/admin/v1/users", &token, &json!({ "user_id": "ann" })).await;
    assert_eq!((added.status, &added.json()["user_id"]), (201, &json!("ann")), "{added:?}");
    let made = world.manage("POST", "/admin/v1/users", &token, &json!({})).await;
    assert_eq!((made.status, made.json()["user_id"].is_string()), (201, true), "{made:?}");
}

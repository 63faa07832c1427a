//! Keys over HTTP: listed without their secrets, rotated in use, and retired only when nothing needs them.

use serde_json::{Value as Json, json};

use crate::administration::boss;
use crate::own::is_problem;
use crate::rig::World;

#[tokio::test]
async fn r77_keys_are_rotated_and_retired_and_whose_wish_it_was_is_on_record() {
    let world = World::new().await;
    let token = boss(&world).await;
    let keys = async |token: &str| {
        let listed = world.manage("GET", "/admin/v1/keys", token, &Json::Null).await;
        assert_eq!(listed.status, 200, "{listed:?}");
        listed.json()["keys"].as_array().unwrap().clone()
    };
    let before = keys(&token).await;
    assert_eq!(before.len(), 5);
    let names: Vec<_> = before[0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["key", "purpose", "state", "created_at", "borne_by"], "and nothing of the secret");

    let order = json!({ "purposes": ["tag", "sign", "sign"] });
    let rotated = world.manage("POST", "/admin/v1/keys/rotate", &token, &order).await;
    let made = rotated.json()["rotated"].clone();
    assert_eq!((rotated.status, made.as_array().unwrap().len()), (200, 2), "{rotated:?}");
    let after = keys(&token).await;
    let old = after.iter().find(|key| key["purpose"] == "sign" && key["state"] == "verify_only").unwrap();
    let old = old["key"].as_str().unwrap().to_owned();
    let active = after.iter().find(|key| key["purpose"] == "sign" && key["state"] == "active").unwrap();
    assert!(made.as_array().unwrap().iter().any(|key| key["key"] == active["key"]), "{made} {active}");
    let published = world.send("GET", "/.well-known/jwks.json", &[], "").await.json();
    assert_eq!(published["keys"].as_array().unwrap().len(), 2, "a token of before stays good");

    let retire = async |key: &str, token: &str| {
        world.manage("POST", &format!("/admin/v1/keys/{key}/retire"), token, &json!({})).await
    };
    is_problem(&retire(&old, &token).await, 409, "key_in_use");
    is_problem(&retire(active["key"].as_str().unwrap(), &token).await, 409, "key_not_retirable");
    is_problem(&retire("0123456789abcdef", &token).await, 409, "key_not_retirable");
    is_problem(&retire("0123456789ABCDEF", &token).await, 404, "not_found");
    world.advance(86_401);
    let new = wayfarer::identity::NewClient::confidential("default").scopes(wayfarer::identity::ClientScope::ALL);
    let (client, secret) = world.client(&new).await;
    let token = world.token_of(&client.client_id, &secret, "").await;
    assert_eq!(retire(&old, &token).await.json(), json!({ "retired": old }));
    assert!(keys(&token).await.iter().all(|key| key["key"] != old));

    let trail = world.manage("GET", "/admin/v1/audit?name=key.", &token, &Json::Null).await.json();
    let told: Vec<_> = trail["entries"].as_array().unwrap().iter().map(|entry| entry["name"].clone()).collect();
    assert_eq!(told, ["key.activated", "key.activated", "key.retired"], "{trail}");
    assert_eq!(trail["entries"][0]["actor"], json!({ "kind": "agent", "id": "boss/sam" }));
}

#[tokio::test]
async fn what_is_no_order_changes_no_key() {
    let world = World::new().await;
    let token = boss(&world).await;
    for order in [
        json!({}),
        json!({ "purposes": [] }),
        json!({ "purposes": ["lookup"] }),
        json!({ "purposes": vec!["sign"; 5] }),
    ] {
        let refused = world.manage("POST", "/admin/v1/keys/rotate", &token, &order).await;
        is_problem(&refused, 400, "invalid_input");
    }
    let bearer = format!("Bearer {token}");
    let nameless = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    for (path, body) in [("rotate", r#"{"purposes":["sign"]}"#), ("0123456789abcdef/retire", "{}")] {
        let path = format!("/admin/v1/keys/{path}");
        is_problem(&World::send_to(world.admin, "POST", &path, &nameless, body).await, 400, "invalid_input");
    }
    let listed = world.manage("GET", "/admin/v1/keys", &token, &Json::Null).await.json();
    assert_eq!(listed["keys"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn keys_that_the_host_keeps_are_not_changed_here() {
    let world = World::without_keeper().await;
    let token = boss(&world).await;
    let rotated = world.manage("POST", "/admin/v1/keys/rotate", &token, &json!({ "purposes": ["sign"] })).await;
    is_problem(&rotated, 409, "keys_elsewhere");
    let retired = world.manage("POST", "/admin/v1/keys/0123456789abcdef/retire", &token, &json!({})).await;
    is_problem(&retired, 409, "keys_elsewhere");
}

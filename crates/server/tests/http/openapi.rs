//! The OpenAPI document: it is served, committed, and knows every route.

use std::path::Path;

use serde_json::Value as Json;

use crate::rig::World;

pub(crate) fn document() -> Json {
    serde_json::to_value(wayfarer_server::openapi()).unwrap()
}

#[tokio::test]
async fn it_is_served_and_public_calls_are_public() {
    let world = World::new().await;
    let whole = World::send_to(world.admin, "GET", "/openapi.json", &[], "").await;
    assert_eq!((whole.status, whole.json()), (200, document()));
    let public = world.send("GET", "/openapi.json", &[], "").await.json();
    assert_eq!(public["openapi"], "3.1.0");
    let paths = public["paths"].as_object().unwrap();
    for path in
        ["/v1/runs/submit", "/cis/v1/auth/otp/send", "/cis/v1/users/email/{value}", "/oidc/token", "/cis/oidc/token"]
    {
        assert!(paths.contains_key(path), "{path}");
    }
    assert!(paths.keys().all(|path| !path.starts_with("/admin")), "R89");
}

#[tokio::test]
async fn what_is_told_of_the_server_is_true() {
    let world = World::new().await;
    let told = world.send("GET", "/.well-known/openid-configuration", &[], "").await.json();
    assert_eq!(told["issuer"], "http://localhost");
    let path = |name: &str| told[name].as_str().unwrap().strip_prefix("http://localhost").unwrap().to_owned();
    let keys = world.send("GET", &path("jwks_uri"), &[], "").await.json();
    assert_eq!(
        (&keys["keys"][0]["alg"], &told["id_token_signing_alg_values_supported"][0]),
        (&"ES256".into(), &"ES256".into())
    );
    let refused = world.send("POST", &path("token_endpoint"), crate::rig::FORM, "grant_type=client_credentials").await;
    assert_eq!((refused.status, &refused.json()["error"]), (401, &"invalid_client".into()));
    assert!(told.get("authorization_endpoint").is_none());
}

#[test]
fn the_committed_document_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("docs/reference/openapi.json");
    let committed: Json = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert!(committed == document(), "run `cargo xtask docs`");
}

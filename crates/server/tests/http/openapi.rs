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
    assert!(paths.contains_key("/v1/runs/submit"));
    assert!(paths.keys().all(|path| !path.starts_with("/admin")), "R89");
}

#[test]
fn the_committed_document_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("docs/reference/openapi.json");
    let committed: Json = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert!(committed == document(), "run `cargo xtask docs`");
}

//! Which pages may call: exact origins of the client's record, with credentials, and no others (R79).

use serde_json::json;
use wayfarer::identity::{ClientScope, NewClient, Origin};

use crate::rig::{ORIGIN, Page, Reply, World};

const PATH: &str = "/ido/api/v2/auth/anonymous_invoke?clientId=web";

async fn preflight(world: &World, path: &str, origin: &str) -> Reply {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    world.send("OPTIONS", path, &headers, "").await
}

fn allowed(reply: &Reply) -> Option<&str> {
    reply.header("access-control-allow-origin")
}

#[tokio::test]
async fn a_browser_asks_first_and_is_told_exactly_what_it_may() {
    let world = World::new().await;
    let reply = preflight(&world, PATH, ORIGIN).await;
    assert_eq!((reply.status, reply.body.as_str(), allowed(&reply)), (204, "", Some(ORIGIN)));
    let header = |name| reply.header(name);
    assert_eq!(header("access-control-allow-credentials"), Some("true"));
    assert_eq!(header("access-control-allow-methods"), Some("POST"));
    assert_eq!(header("access-control-allow-headers"), Some("content-type"));
    assert_eq!(header("vary"), Some("origin"));
    for operation in ["assert", "poll"] {
        let path = format!("/ido/api/v2/auth/{operation}?clientId=web");
        assert_eq!(allowed(&preflight(&world, &path, ORIGIN).await), Some(ORIGIN), "{operation}");
    }
}

#[tokio::test]
async fn no_other_origin_may_ask_or_call() {
    let world = World::new().await;
    let origins = [
        "null",
        "*",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://app.example.com/",
        "https://app.example.com.evil.com",
        "https://evilapp.example.com",
        "HTTPS://APP.EXAMPLE.COM",
        "https://example.com",
        "",
        "http://localhost:3000",
    ];
    for origin in origins {
        let asked = preflight(&world, PATH, origin).await;
        assert_eq!((asked.status, allowed(&asked)), (403, None), "{origin}");
        let mut page = Page::new(&world);
        page.origin = Some(origin.to_owned());
        let called = page.start("temp_code_auth_journey", json!({})).await;
        assert_eq!((called.status, allowed(&called)), (403, None), "{origin}");
        assert_eq!(called.json()["error_code"], 4003);
    }
}

#[tokio::test]
async fn a_page_may_read_answers_and_refusals_alike() {
    let world = World::new().await;
    for (journey, status) in [("recovery_by_form", 200), ("temp_code_auth_journey", 400), ("none", 404)] {
        let reply = Page::new(&world).start(journey, json!({})).await;
        assert_eq!((reply.status, allowed(&reply)), (status, Some(ORIGIN)), "{reply:?}");
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
    }
}

#[tokio::test]
async fn origins_are_of_one_client_and_local_ports_may_be_open() {
    let world = World::new().await;
    let dev = NewClient {
        client_id: Some("dev".to_owned()),
        confidential: false,
        origins: vec![Origin::new("http://localhost:*").unwrap()],
        ..NewClient::confidential("default")
    };
    world.client(&dev.scopes([ClientScope::JourneysRun])).await;
    let path = "/ido/api/v2/auth/assert?clientId=dev";
    assert_eq!(allowed(&preflight(&world, path, "http://localhost:5173").await), Some("http://localhost:5173"));
    assert_eq!(preflight(&world, path, ORIGIN).await.status, 403);
    assert_eq!(preflight(&world, "/ido/api/v2/auth/assert?clientId=nobody", ORIGIN).await.status, 403);
}

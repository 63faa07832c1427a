//! What every answer has, what is nowhere, and how the server is watched and stopped.

use serde_json::json;
use wayfarer_server::{Ended, Settings};

use crate::rig::{Page, Reply, World, wire};

pub(crate) async fn admin(world: &World, line: &str) -> Reply {
    let head = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    Reply::read(&wire(world.admin, head.as_bytes()).await)
}

#[tokio::test]
async fn r82_r114_every_answer_has_the_headers_that_protect_it_and_a_name_of_its_own() {
    let world = World::new().await;
    let mut names = Vec::new();
    let calls = [
        ("GET", "/"),
        ("GET", "/.well-known/jwks.json"),
        ("POST", "/oidc/token"),
        ("POST", "/cis/v1/auth/otp/send"),
        ("GET", "/cis/v1/users/x"),
        ("POST", "/ido/api/v2/auth/assert"),
        ("OPTIONS", "/ido/api/v2/auth/assert"),
        ("PUT", "/cis"),
    ];
    for (method, path) in calls {
        let reply = world.send(method, path, &[("trace-id", "forged"), ("x-forwarded-host", "evil.example")], "").await;
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{method} {path}");
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
        assert_eq!(reply.header("strict-transport-security"), None);
        assert!(reply.header("server").is_none());
        names.push(reply.header("trace-id").unwrap().to_owned());
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), calls.len());
    assert!(names.iter().all(|name| name.len() == 32 && name != "forged"));

    let world = World::with(Settings { https: true, ..Settings::default() }, &[]).await;
    let reply = world.send("GET", "/", &[], "").await;
    assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000"));
}

#[tokio::test]
async fn r78_what_is_nowhere_is_told_as_a_problem_with_a_stable_type() {
    let world = World::new().await;
    for path in
        ["/", "/v1/journeys", "/idolatry", "/cistern", "/.well-known", "/%2e%2e/etc/passwd", "/health", "/ready"]
    {
        let reply = world.send("GET", path, &[], "").await;
        assert_eq!((reply.status, reply.header("content-type")), (404, Some("application/problem+json")), "{path}");
        let expected = json!({
            "type": "https://github.com/wayfarer-rs/wayfarer/blob/main/docs/server.md#not_found",
            "title": "Not Found",
            "status": 404,
            "detail": "there is nothing at this address",
        });
        assert_eq!(reply.json(), expected);
    }
}

#[tokio::test]
async fn r87_other_methods_are_refused_with_those_that_there_are() {
    let world = World::new().await;
    let cases = [
        ("/.well-known/jwks.json", "GET,HEAD"),
        ("/oidc/token", "POST"),
        ("/cis/v1/auth/otp/send", "POST"),
        ("/cis/v1/users/identifier", "GET,HEAD"),
        ("/cis/v1/users/email/x", "GET,HEAD"),
        ("/ido/api/v2/auth/poll", "POST,OPTIONS"),
    ];
    for (path, methods) in cases {
        for method in ["TRACE", "PUT", "DELETE", "PATCH", "BREW"] {
            let reply = world.send(method, path, &[], "").await;
            let mut allowed: Vec<_> = reply.header("allow").unwrap_or_default().split(',').collect();
            let mut expected: Vec<_> = methods.split(',').collect();
            allowed.sort_unstable();
            expected.sort_unstable();
            assert_eq!((reply.status, allowed), (405, expected), "{method} {path}");
            assert!(!reply.body.contains("trace-id"), "nothing is echoed");
        }
    }
}

#[tokio::test]
async fn r89_operators_ask_elsewhere() {
    let world = World::new().await;
    assert_eq!(admin(&world, "GET /health").await.json(), json!({ "status": "alive" }));
    assert_eq!(admin(&world, "GET /ready").await.json(), json!({ "status": "ready" }));
    assert_eq!(admin(&world, "POST /ready").await.status, 405);
    let measures = admin(&world, "GET /metrics").await;
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!((measures.status, measures.header("content-type")), (200, Some(media_type)));
    assert!(measures.body.ends_with("# EOF\n"));
    assert_eq!(world.send("GET", "/metrics", &[], "").await.status, 404, "applications are not told");
    for line in ["GET /", "POST /v1/journeys/x/runs", "GET /.well-known/jwks.json"] {
        assert_eq!(admin(&world, line).await.status, 404, "{line}");
    }
}

#[tokio::test]
async fn it_stops_when_it_is_told_to() {
    let world = World::new().await;
    Page::new(&world).start("recovery_by_form", json!({})).await;
    let (public, ended) = (world.public, world.stop().await);
    assert_eq!(ended, Ended { cut: 0, complete: true });
    assert!(tokio::net::TcpStream::connect(public).await.is_err());
}

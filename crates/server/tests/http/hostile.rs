//! Bodies and heads that nobody sends by mistake: each has one answer, and the server goes on.

use serde_json::json;

use crate::rig::{Page, Reply, World, wire};

const TYPED: &[(&str, &str)] = &[("content-type", "application/json")];
const START: &str = "/ido/api/v2/auth/anonymous_invoke?clientId=web";

async fn post(world: &World, body: &str) -> Reply {
    world.send("POST", START, TYPED, body).await
}

#[tokio::test]
async fn r83_bodies_that_are_too_large_too_deep_or_say_things_twice_are_refused() {
    let world = World::new().await;
    let data = |inner: &str| format!(r#"{{"headers":[],"data":{{"policy_request_id":"x","params":{inner}}}}}"#);
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    let wide = format!("{{{}}}", (0..1_001).map(|key| format!("\"k{key}\":0")).collect::<Vec<_>>().join(","));
    let cases = [
        (data(&format!("\"{}\"", "x".repeat(65 << 10))), 413),
        (data(&wide), 413),
        (data(&deep), 400),
        (data("{\"a\":1,\"a\":2}"), 400),
        ("[".repeat(60_000), 400),
        (format!("{} x", data("{}")), 400),
    ];
    for (body, status) in cases {
        let reply = post(&world, &body).await;
        assert_eq!(reply.status, status, "{} bytes: {reply:?}", body.len());
        assert_eq!(reply.json()["data"]["state"], "rejected");
    }
    let bytes = b"{\"data\":{\"policy_request_id\":\"\xff\"}}";
    let head = format!("POST {START} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n");
    let head = format!("{head}content-length: {}\r\n\r\n", bytes.len());
    let reply = Reply::read(&wire(world.public, &[head.as_bytes(), bytes].concat()).await);
    assert_eq!((reply.status, &reply.json()["error_message"]), (400, &json!("the body is not UTF-8")));
    still_serves(&world).await;
}

#[tokio::test]
async fn a_body_without_an_end_is_cut_at_its_size() {
    let world = World::new().await;
    let head = format!(
        "POST {START} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    let reply = Reply::read(&wire(world.public, format!("{head}{}", chunk.repeat(17)).as_bytes()).await);
    assert_eq!(reply.status, 413);
    still_serves(&world).await;
}

#[tokio::test]
async fn what_is_no_http_is_answered_with_400_or_not_at_all() {
    let world = World::new().await;
    let heads = [
        "GET\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nhost x\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n".to_owned(),
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n12".to_owned(),
        "\x16\x03\x01\x02\x00\x01\x00\x01\u{7f}\r\n\r\n".to_owned(),
    ];
    for head in heads {
        let heard = wire(world.public, head.as_bytes()).await;
        assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 400 "), "{head:?}: {heard}");
    }
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(20 << 10));
    let heard = wire(world.public, long.as_bytes()).await;
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 431 "), "{heard}");
    still_serves(&world).await;
}

async fn still_serves(world: &World) {
    let reply = Page::new(world).start("recovery_by_form", json!({})).await;
    assert_eq!(reply.json()["data"]["state"], "pending");
}

//! Browsers: a page may call from where its client says, and a run is its browser's (R53, R79, R80, R81).

use serde_json::json;

use crate::own::{Caller, TWO, handle, is_problem};
use crate::rig::{ORIGIN, Reply, WEB, World, prompt};

fn page(world: &World) -> Caller<'_> {
    Caller::new(world).with("origin", ORIGIN)
}

/// What the browser sends back of a cookie.
fn kept(reply: &Reply) -> String {
    reply.header("set-cookie").unwrap_or_else(|| panic!("no cookie: {reply:?}")).split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn r53_a_handle_is_worth_nothing_in_another_browser() {
    let world = World::with(prompt(), &[TWO]).await;
    let begun = page(&world).start("two", json!({})).await;
    let (mine, cookie) = (handle(&begun), kept(&begun));
    let theirs = kept(&page(&world).start("two", json!({})).await);
    assert_ne!(cookie, theirs);
    // Another browser, none at all, and a program that has read the handle.
    for other in [
        page(&world).with("cookie", &theirs),
        page(&world),
        Caller::new(&world),
        Caller::new(&world).with("cookie", &theirs),
    ] {
        is_problem(&other.submit(&mine, json!({ "a": "1" })).await, 404, "stale_handle");
        is_problem(&other.current(&mine).await, 404, "stale_handle");
        let cancel = other.call("POST", "/v1/runs/cancel", Some(&mine), Some(&json!({}))).await;
        is_problem(&cancel, 404, "stale_handle");
    }
    let own = page(&world).with("cookie", &cookie);
    assert_eq!(own.current(&mine).await.json()["step"], "one");
    let own_read = Caller::new(&world).with("cookie", &cookie);
    assert_eq!(own_read.current(&mine).await.json()["step"], "one", "a page of this host reads without an origin");
    assert_eq!(own.submit(&mine, json!({ "a": "1" })).await.json()["step"], "two");
}

#[tokio::test]
async fn r53_a_run_that_was_made_outside_cannot_be_slipped_to_a_page() {
    let world = World::with(prompt(), &[TWO]).await;
    let made = handle(&Caller::new(&world).start("two", json!({})).await);
    let victim = kept(&page(&world).start("two", json!({})).await);
    for browser in [page(&world), page(&world).with("cookie", &victim)] {
        is_problem(&browser.submit(&made, json!({ "a": "1" })).await, 404, "stale_handle");
    }
    assert_eq!(Caller::new(&world).submit(&made, json!({ "a": "1" })).await.status, 200);
}

#[tokio::test]
async fn r81_one_cookie_serves_all_tabs_and_is_set_once() {
    let world = World::with(prompt(), &[TWO]).await;
    let begun = page(&world).start("two", json!({})).await;
    let set = begun.header("set-cookie").unwrap();
    assert!(
        set.starts_with("__Host-wayfarer=") && set.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"),
        "{set}"
    );
    let own = page(&world).with("cookie", &kept(&begun));
    let tab = own.start("two", json!({})).await;
    assert_eq!(tab.header("set-cookie"), None);
    for handle in [handle(&begun), handle(&tab)] {
        assert_eq!(own.submit(&handle, json!({ "a": "1" })).await.json()["step"], "two");
    }
    assert_eq!(Caller::new(&world).start("two", json!({})).await.header("set-cookie"), None, "a program needs none");
    let cross = page(&world).with("sec-fetch-site", "cross-site").start("two", json!({})).await;
    assert!(cross.header("set-cookie").unwrap().ends_with("; SameSite=None; Partitioned"));
}

#[tokio::test]
async fn a_start_whose_answer_was_lost_goes_on_in_the_browser_that_asks_again() {
    let world = World::with(prompt(), &[TWO]).await;
    let asks = || page(&world).with("idempotency-key", "k");
    let lost = handle(&asks().start("two", json!({})).await);
    let again = asks().start("two", json!({})).await;
    assert_ne!(lost, handle(&again), "it is sealed for the cookie that came with it");
    let own = page(&world).with("cookie", &kept(&again));
    assert_eq!(own.submit(&handle(&again), json!({ "a": "1" })).await.json()["step"], "two");
}

#[tokio::test]
async fn r79_pages_call_from_where_the_client_says_and_nowhere_else() {
    let world = World::with(prompt(), &[TWO]).await;
    let begun = page(&world).start("two", json!({})).await;
    assert_eq!(begun.header("access-control-allow-origin"), Some(ORIGIN));
    assert_eq!(begun.header("access-control-allow-credentials"), Some("true"));
    let refused = page(&world).start("nothing", json!({})).await;
    assert_eq!(refused.header("access-control-allow-origin"), Some(ORIGIN), "a page may read what is wrong");
    let path = "/v1/journeys/two/runs";
    let ask = |origin: &'static str, query: &'static str| {
        let world = &world;
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        async move { world.send("OPTIONS", &format!("{path}{query}"), &headers, "").await }
    };
    let asked = ask(ORIGIN, "?client_id=web").await;
    assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, Some(ORIGIN)), "{WEB}");
    assert_eq!(asked.header("access-control-allow-headers"), Some("content-type, idempotency-key, wayfarer-handle"));
    let odd = [
        "null",
        "https://evil.example",
        "http://app.example.com",
        "https://app.example.com.evil.example",
        "https://app.example.com:443",
    ];
    for origin in odd {
        for reply in [
            Caller::new(&world).with("origin", origin).start("two", json!({})).await,
            ask(origin, "?client_id=web").await,
        ] {
            is_problem(&reply, 403, "origin_not_allowed");
            assert_eq!(reply.header("access-control-allow-origin"), None, "{origin}");
        }
    }
    for query in ["", "?client_id=support", "?client_id=nobody"] {
        let reply = ask(ORIGIN, query).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (401, None), "{query}");
    }
}

#[tokio::test]
async fn r80_only_json_changes_anything() {
    let world = World::with(prompt(), &[TWO]).await;
    let begun = page(&world).start("two", json!({})).await;
    let (mine, cookie) = (handle(&begun), kept(&begun));
    let body = r#"{"option":"submit","data":{"a":"1"}}"#;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; x=y",
        "",
    ] {
        let headers = [("origin", ORIGIN), ("cookie", &cookie), ("wayfarer-handle", &mine), ("content-type", kind)];
        let refused = world.send("POST", "/v1/runs/submit?client_id=web", &headers, body).await;
        is_problem(&refused, 415, "unsupported_media_type");
    }
    let own = page(&world).with("cookie", &cookie);
    assert_eq!(own.submit(&mine, json!({ "a": "1" })).await.json()["step"], "two");
}

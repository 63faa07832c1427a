//! What is measured beside runs: what identity commits, what is refused, who came too often, and how the store's commits end.

use std::num::NonZeroU32;

use serde_json::json;
use wayfarer::identity::{ClientScope, NewClient};
use wayfarer_server::{Limits, Rate, Rates, Settings};

use crate::rig::{FORM, World, prompt};

/// A backend's journey that answers 429 itself.
const OFTEN: &str = r#"
journey: often
kind: backend
steps:
  done: { type: complete_journey, with: { status: 429, headers: { retry-after: 60 } } }
"#;

async fn measured(world: &World) -> String {
    World::send_to(world.admin, "GET", "/metrics", &[], "").await.body
}

#[track_caller]
fn tells(text: &str, line: &str) {
    assert!(text.lines().any(|told| told == line), "{line} is not in:\n{text}");
}

#[tokio::test]
async fn facts_of_identity_refusals_and_commits_are_counted_without_whom_they_are_about() {
    let world = World::new().await;
    world.user("canary").await;
    world.code("canary").await;
    for _ in 0..3 {
        let form = "grant_type=client_credentials&client_id=support&client_secret=wfs_canary";
        assert_eq!(world.send("POST", "/oidc/token", FORM, form).await.status, 401);
    }
    let text = measured(&world).await;
    tells(&text, r#"wayfarer_facts_total{name="client.added"} 2"#);
    tells(&text, r#"wayfarer_facts_total{name="user.added"} 1"#);
    tells(&text, r#"wayfarer_facts_total{name="tempcode.issued"} 1"#);
    tells(&text, r#"wayfarer_refusals_total{name="client.refused"} 3"#);
    let commits = text.lines().find_map(|line| line.strip_prefix(r#"wayfarer_store_commits_total{end="written"} "#));
    assert!(commits.and_then(|number| number.parse().ok()).is_some_and(|number: u32| number >= 5), "{text}");
    assert!(!text.contains("canary"), "{text}");
}

#[tokio::test]
async fn who_came_too_often_is_counted_and_an_author_s_own_429_is_not() {
    let rate = NonZeroU32::new(1).zip(NonZeroU32::new(3)).map(|(per_minute, burst)| Rate::new(per_minute, burst));
    let rates = Rates { client: rate, ..Rates::none() };
    let limits = Limits { rates, ..prompt().limits };
    let world = World::with(Settings { limits, ..prompt() }, &[OFTEN]).await;
    let new = NewClient { client_id: Some("app".to_owned()), ..NewClient::confidential("default") };
    let (_, secret) = world.client(&new.scopes([ClientScope::JourneysRun])).await;
    let token = world.token_of("app", &secret, "").await;
    let call = async || world.call("POST", "/v1/journeys/often", &token, &json!({ "params": {} })).await;
    for _ in 0..3 {
        let reply = call().await;
        assert_eq!((reply.status, reply.body.as_str()), (429, ""), "the journey says so");
    }
    assert!(!measured(&world).await.contains("wayfarer_http_rate_limited_total{"));
    for _ in 0..2 {
        let reply = call().await;
        assert_eq!(reply.json()["type"].as_str().and_then(|kind| kind.rsplit('#').next()), Some("too_many_requests"));
    }
    // The words of the other interface.
    assert_eq!(world.call("GET", "/cis/v1/users/x", &token, &json!(null)).await.status, 429);
    let text = measured(&world).await;
    tells(&text, r#"wayfarer_http_rate_limited_total{interface="own"} 2"#);
    tells(&text, r#"wayfarer_http_rate_limited_total{interface="users"} 1"#);
}

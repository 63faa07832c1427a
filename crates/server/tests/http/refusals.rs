//! Law 7: whatever is wrong with a code, the client sees the same bytes.

use std::time::Duration;

use serde_json::{Value as Json, json};
use wayfarer::identity::{AuditQuery, UserRef};
use wayfarer::step::Actor;
use wayfarer_server::{Limits, Settings};

use crate::rig::{Page, Reply, World, wrong};

async fn attempt(world: &World, user: &str, code: &str) -> Reply {
    let params = json!({ "external_user_id": user, "temp_code": code });
    Page::new(world).start("temp_code_auth_journey", params).await
}

/// One refusal for each thing that can be wrong.
async fn every_refusal(world: &World) -> Vec<(&'static str, Reply)> {
    let mut seen = Vec::new();
    for user in ["wrong", "used", "expired", "replaced", "revoked", "locked", "disabled", "none"] {
        world.user(user).await;
    }
    seen.push(("unknown", attempt(world, "nobody", "123456").await));
    seen.push(("none", attempt(world, "none", "123456").await));

    let code = world.code("wrong").await;
    seen.push(("wrong", attempt(world, "wrong", &wrong(&code)).await));
    assert_eq!(attempt(world, "wrong", &code).await.status, 200, "the right one is right");

    let code = world.code("used").await;
    assert_eq!(attempt(world, "used", &code).await.status, 200);
    seen.push(("used", attempt(world, "used", &code).await));

    let code = world.code("replaced").await;
    let newer = world.code("replaced").await;
    // One time in a million they are the same.
    let old = if code == newer { wrong(&code) } else { code };
    seen.push(("replaced", attempt(world, "replaced", &old).await));

    let (identity, tenant, actor) = (world.host.identity(), world.host.tenant(), Actor::system());
    let code = world.code("revoked").await;
    identity.revoke_code(tenant, &actor, &UserRef::id("revoked").unwrap()).await.unwrap();
    seen.push(("revoked", attempt(world, "revoked", &code).await));

    let code = world.code("locked").await;
    for _ in 0..3 {
        attempt(world, "locked", &wrong(&code)).await;
    }
    let code = world.code("locked").await;
    seen.push(("locked", attempt(world, "locked", &code).await));

    let code = world.code("disabled").await;
    identity.disable_user(tenant, &actor, &UserRef::id("disabled").unwrap()).await.unwrap();
    seen.push(("disabled", attempt(world, "disabled", &code).await));

    let code = world.code("expired").await;
    world.advance(301);
    seen.push(("expired", attempt(world, "expired", &code).await));
    seen
}

#[tokio::test]
async fn law_7_all_nine_refusals_are_the_same_to_the_byte() {
    let world = World::new().await;
    let seen = every_refusal(&world).await;
    assert_eq!(seen.len(), 9);
    let first = seen[0].1.clone().timeless();
    let expected = json!({
        "error_code": 4001,
        "error_message": "Session rejected",
        "headers": [],
        "data": {
            "state": "rejected",
            "assertions_complete": false,
            "data": { "message": "This code is not valid. Please call support again." },
        },
    });
    assert_eq!((first.status, first.json()), (400, expected));
    for (why, reply) in seen {
        assert!(reply.header("trace-id").is_some_and(|id| id.len() == 32));
        assert_eq!(reply.timeless(), first, "{why}");
    }
}

#[tokio::test]
async fn no_refusal_tells_a_reason_a_step_or_a_token() {
    let world = World::new().await;
    for (why, reply) in every_refusal(&world).await {
        let text = format!("{reply:?}").to_ascii_lowercase();
        for word in ["token", "verify_code", "deny_access", "locked", "expired", "unknown", "disabled", "session_id"] {
            assert!(!text.contains(word), "{why} tells `{word}`: {text}");
        }
    }
}

#[tokio::test]
async fn a_run_that_fails_looks_like_one_that_was_rejected() {
    let world = World::new().await;
    let mut page = Page::new(&world);
    page.start("guided_recovery", json!({ "external_user_id": "x", "temp_code": "1" })).await;
    world.advance(3_600);
    let stale = page.input(Json::Null).await;
    assert_eq!(stale.status, 400);
    let expected = json!({ "state": "rejected", "assertions_complete": false });
    assert_eq!((&page.last["error_code"], &page.last["data"]), (&json!(4001), &expected));
}

#[tokio::test]
async fn r39_a_refusal_leaves_on_the_beat_and_everything_else_at_once() {
    let limits = Limits { refusal_beat: Duration::from_secs(3_600), ..Limits::default() };
    let world = World::with(Settings { limits, ..Settings::default() }, &[]).await;
    world.user("user123").await;
    let code = world.code("user123").await;
    let wrong = wrong(&code);
    let refused = async { tokio::join!(attempt(&world, "user123", &wrong), attempt(&world, "nobody", "1")) };
    let other = async {
        // Both are on record as over, so that all that is left of them is to answer.
        while rejected(&world).await < 2 {
            tokio::task::yield_now().await;
        }
        attempt(&world, "user123", &code).await
    };
    tokio::select! {
        biased;
        _ = refused => panic!("a refusal was answered before its time"),
        reply = other => assert_eq!(reply.status, 200, "{reply:?}"),
    }
}

async fn rejected(world: &World) -> usize {
    let page = world.host.identity().audit(world.host.tenant(), &AuditQuery::default()).await.unwrap();
    page.entries.iter().filter(|entry| entry.fact.name == "journey.rejected").count()
}

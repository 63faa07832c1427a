//! What a visit says to others: heard if and only if it commits, by whoever waits in the tenant, and bounded.

use serde_json::json;
use wayfarer_store::TenantId;

use crate::record::OUTBOX;
use crate::testing::{When, World, handle, shown, start, tenant};
use crate::{Answer, Engine, Start};

pub(super) const LISTEN: &str = r#"
journey: listen
params: { key: string }
steps:
  listen: { type: listen, with: { key: "@policy.request().params.key" }, output: what, branches: { next: done } }
  done: { type: complete_journey, with: { data: "@what.heard" } }
"#;

const SAY: &str = r#"
journey: say
params:
  key: string
  act: { type: string, default: none }
  times: { type: integer, default: 1 }
steps:
  say:
    type: say
    with:
      key: "@policy.request().params.key"
      text: hello
      act: "@policy.request().params.act"
      times: "@policy.request().params.times"
    error_output: why
    branches: { next: done, failure: no }
  done: { type: complete_journey }
  no: { type: reject_access, with: { data: "@why.code" } }
"#;

/// Hears, answers, and waits again.
const PING: &str = r#"
journey: ping
params: { hear: string, answer: string }
steps:
  hear: { type: listen, with: { key: "@policy.request().params.hear" }, branches: { next: answer } }
  answer: { type: say, with: { key: "@policy.request().params.answer" }, branches: { next: hear } }
"#;

async fn listen(engine: &Engine, key: &str) -> String {
    handle(&engine.start(start("listen", json!({ "key": key }))).await.unwrap())
}

async fn current(engine: &Engine, handle: &str) -> Answer {
    engine.current(&tenant(), handle).await.unwrap()
}

async fn letters(world: &World) -> usize {
    world.vault.scan(&tenant(), OUTBOX, None, 100).await.unwrap().len()
}

#[tokio::test]
async fn a_run_is_woken_by_another_at_once_and_nothing_is_left() {
    let world = World::new().await;
    let engine = world.engine(&[LISTEN, SAY]).await;
    let (one, two, other) =
        (listen(&engine, "step-a").await, listen(&engine, "step-a").await, listen(&engine, "step-b").await);
    let said = engine.start(start("say", json!({ "key": "step-a" }))).await.unwrap();
    assert_eq!(said.outcome.word(), "completed");
    for handle in [one, two] {
        assert_eq!(shown(&current(&engine, &handle).await)["data"], json!("hello"));
    }
    assert_eq!(current(&engine, &other).await.outcome.word(), "waiting");
    assert_eq!(letters(&world).await, 0);
    assert_eq!(engine.tick(10).await.unwrap().woken, 0);
}

#[tokio::test]
async fn r111_another_tenant_hears_nothing() {
    let world = World::new().await;
    let engine = world.engine(&[LISTEN, SAY]).await;
    let here = listen(&engine, "step-a").await;
    let other = TenantId::new("other").unwrap();
    engine.load(&other, [("say.yaml".to_owned(), SAY.to_owned())]).await.unwrap();
    engine.start(Start { tenant: other, ..start("say", json!({ "key": "step-a" })) }).await.unwrap();
    engine.tick(10).await.unwrap();
    assert_eq!(current(&engine, &here).await.outcome.word(), "waiting");
}

#[tokio::test]
async fn what_may_not_be_said_fails_the_visit_and_is_not_heard() {
    for (params, code) in [
        (json!({ "key": "step-a", "act": "fail" }), "told_to"),
        (json!({ "key": "step-a", "act": "secret" }), "secret_in_signal"),
        (json!({ "key": "host-a" }), "forbidden_signal"),
        (json!({ "key": "step-a", "times": 9 }), "forbidden_signal"),
        (json!({ "key": format!("step-{}", "a".repeat(1020)) }), "forbidden_signal"),
    ] {
        let world = World::new().await;
        let engine = world.engine(&[LISTEN, SAY]).await;
        let (one, host) = (listen(&engine, "step-a").await, listen(&engine, "host-a").await);
        let said = engine.start(start("say", params.clone())).await.unwrap();
        assert_eq!(shown(&said)["data"], json!(code), "{params}");
        engine.tick(10).await.unwrap();
        for handle in [one, host] {
            assert_eq!(current(&engine, &handle).await.outcome.word(), "waiting", "{params}");
        }
    }
}

#[tokio::test]
async fn law_10_what_a_crash_left_unsaid_is_said_by_the_timer() {
    // The commit of the visit is the first; everything after it dies.
    for (commits, when, letter) in [(0, When::Before, 0), (0, When::After, 1), (1, When::Before, 1)] {
        let world = World::new().await;
        let engine = world.engine(&[LISTEN, SAY]).await;
        let good = listen(&engine, "step-a").await;
        world.disk.die_after(commits, when);
        assert!(engine.start(start("say", json!({ "key": "step-a" }))).await.is_err());
        world.disk.revive();
        let engine = world.engine(&[LISTEN, SAY]).await;
        assert_eq!(letters(&world).await, letter);
        assert_eq!(current(&engine, &good).await.outcome.word(), "waiting");
        assert_eq!(engine.tick(10).await.unwrap().woken, letter, "{commits} {when:?}");
        let end = if letter == 1 { "completed" } else { "waiting" };
        assert_eq!(current(&engine, &good).await.outcome.word(), end);
        assert_eq!(letters(&world).await, 0);
    }
}

#[tokio::test]
async fn of_two_that_speak_at_once_one_is_heard() {
    let world = World::new().await;
    let engine = world.engine(&[LISTEN, SAY]).await;
    let good = listen(&engine, "step-a").await;
    speaks_before_commit(&world, 0).await;
    assert_eq!(engine.signal(&tenant(), "step-a", json!("host").into()).await.unwrap(), 0);
    assert_eq!(shown(&current(&engine, &good).await)["data"], json!("hello"));
    assert_eq!(letters(&world).await, 0);
}

#[tokio::test]
async fn a_run_that_is_being_worked_on_hears_it_later() {
    let world = World::new().await;
    let naming = LISTEN.replace("params.key\" }", "params.key\", user: ann }");
    let engine = world.engine(&[&naming, SAY]).await;
    // The first commit names the user, with the second the run comes to rest.
    speaks_before_commit(&world, 1).await;
    let good = listen(&engine, "step-a").await;
    assert_eq!((current(&engine, &good).await.outcome.word(), letters(&world).await), ("waiting", 1));
    assert_eq!(engine.tick(10).await.unwrap().woken, 0);
    world.pass(1);
    assert_eq!(engine.tick(10).await.unwrap().woken, 1);
    assert_eq!(shown(&current(&engine, &good).await)["data"], json!("hello"));
    assert_eq!(letters(&world).await, 0);
}

/// Lets another node speak just before the commit after `commits` more.
async fn speaks_before_commit(world: &World, commits: i64) {
    let other = world.engine(&[SAY]).await;
    world.disk.before_commit(commits, move || {
        let other = other.clone();
        Box::pin(async move {
            other.start(start("say", json!({ "key": "step-a" }))).await.unwrap();
        })
    });
}

#[tokio::test]
async fn r59_two_that_wake_each_other_do_not_hold_up_whoever_began() {
    let mut world = World::new().await;
    (world.limits.visits, world.limits.executions) = (1000, 10_000);
    let engine = world.engine(&[PING, SAY]).await;
    for (hear, answer) in [("step-a", "step-b"), ("step-b", "step-a")] {
        engine.start(start("ping", json!({ "hear": hear, "answer": answer }))).await.unwrap();
    }
    let spoken = |runs: Vec<crate::run::Run>| runs.iter().map(|run| run.path.len()).sum::<usize>();
    engine.start(start("say", json!({ "key": "step-a" }))).await.unwrap();
    let at_once = spoken(world.runs().await);
    assert!((20..60).contains(&at_once), "{at_once}");
    assert_eq!(letters(&world).await, 1, "what is left to say waits for the timer");
    assert!(engine.tick(10).await.unwrap().woken > 0);
    assert!(spoken(world.runs().await) < at_once + 60);
}

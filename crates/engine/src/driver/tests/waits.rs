//! Waits: time, signals, the author's time-outs and retries, and whoever comes back to see.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::QUESTIONS;
use crate::testing::{World, code_of, handle, shown, start, submit, tenant};

const NAP: &str = r#"
journey: nap
steps:
  nap:
    type: odd
    with: { act: nap }
    output: how
    branches: { next: tell }
  tell:
    type: ask
    with: { text: "${how}" }
    branches: { next: done }
  done: { type: complete_journey }
"#;

#[tokio::test]
async fn a_moment_wakes_a_run_and_its_holder_finds_it_where_it_went() {
    let world = World::new().await;
    let engine = world.engine(&[NAP]).await;
    let started = engine.start(start("nap", json!({}))).await.unwrap();
    assert_eq!(shown(&started), json!({ "outcome": "waiting", "path": ["nap"] }));
    let good = handle(&started);
    assert_eq!(engine.tick(10).await.unwrap().woken, 0);
    world.pass(10);
    assert_eq!(engine.tick(10).await.unwrap().woken, 1);
    assert_eq!(engine.tick(10).await.unwrap().woken, 0);

    // What nobody has read cannot be answered.
    assert_eq!(code_of(engine.submit(submit(&good, "submit", json!({ "answer": "a" }))).await), "stale_handle");
    let seen = engine.current(&tenant(), &good).await.unwrap();
    assert_eq!((shown(&seen)["prompt"]["text"].clone(), handle(&seen)), (json!("rested"), good.clone()));
    let done = engine.submit(submit(&good, "submit", json!({ "answer": "a" }))).await.unwrap();
    assert_eq!(done.outcome.word(), "completed");
}

#[tokio::test]
async fn a_run_that_is_due_goes_on_when_it_is_looked_at() {
    let world = World::new().await;
    let engine = world.engine(&[NAP]).await;
    let good = handle(&engine.start(start("nap", json!({}))).await.unwrap());
    world.pass(10);
    assert_eq!(shown(&engine.current(&tenant(), &good).await.unwrap())["step"], json!("tell"));
}

#[tokio::test]
async fn r55_a_run_expires_idle_and_at_last_and_tells_its_holder_once() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let good = handle(&engine.start(start("questions", json!({}))).await.unwrap());
    world.pass(15 * 60);
    assert_eq!(code_of(engine.submit(submit(&good, "submit", json!({ "answer": "a" }))).await), "stale_handle");
    assert_eq!(engine.tick(10).await.unwrap().woken, 1);
    assert_eq!(shown(&engine.current(&tenant(), &good).await.unwrap())["code"], json!("expired"));
    world.pass(61);
    assert_eq!(code_of(engine.current(&tenant(), &good).await), "stale_handle");

    // Whoever answers in time still has only the whole lifetime.
    let mut good = handle(&engine.start(start("questions", json!({}))).await.unwrap());
    world.pass(14 * 60);
    good = handle(&engine.submit(submit(&good, "submit", json!({ "answer": "a" }))).await.unwrap());
    world.pass(46 * 60 + 1);
    assert_eq!(code_of(engine.submit(submit(&good, "submit", json!({ "answer": "a" }))).await), "stale_handle");

    // Long after, nothing is left but the audit trail (R113).
    world.pass(26 * 3600);
    while engine.tick(10).await.unwrap().erased > 0 {}
    assert_eq!(world.runs().await.len(), 0);
}

#[tokio::test]
async fn a_signal_wakes_exactly_those_who_wait_for_it() {
    let world = World::new().await;
    let listen = r#"
journey: listen
params: { key: string }
steps:
  listen:
    type: listen
    with: { key: "@policy.request().params.key" }
    output: what
    branches: { next: done }
  done:
    type: complete_journey
    with: { data: "@what.heard" }
"#;
    let engine = world.engine(&[listen]).await;
    let wait = |key: &'static str| engine.start(start("listen", json!({ "key": key })));
    let (one, two) = (handle(&wait("a").await.unwrap()), handle(&wait("a").await.unwrap()));
    let other = handle(&wait("b").await.unwrap());
    assert_eq!(engine.signal(&tenant(), "nobody", json!(1).into()).await.unwrap(), 0);
    assert_eq!(engine.signal(&tenant(), "a", json!("hello").into()).await.unwrap(), 2);
    assert_eq!(engine.signal(&tenant(), "a", json!("again").into()).await.unwrap(), 0);
    for handle in [one, two] {
        assert_eq!(shown(&engine.current(&tenant(), &handle).await.unwrap())["data"], json!("hello"));
    }
    assert_eq!(engine.current(&tenant(), &other).await.unwrap().outcome.word(), "waiting");
}

#[tokio::test]
async fn an_authors_timeout_takes_its_exit() {
    let world = World::new().await;
    let timed = r#"
journey: timed
steps:
  ask:
    type: ask
    timeout: 30s
    error_output: why
    branches: { next: done, timeout: late }
  late:
    type: reject_access
    with: { data: "@why.code" }
  done: { type: complete_journey }
"#;
    let engine = world.engine(&[timed]).await;
    let good = handle(&engine.start(start("timed", json!({}))).await.unwrap());
    world.pass(29);
    assert_eq!(engine.current(&tenant(), &good).await.unwrap().outcome.word(), "prompt");
    world.pass(1);
    assert_eq!(code_of(engine.submit(submit(&good, "submit", json!({ "answer": "a" }))).await), "stale_handle");
    let late = engine.current(&tenant(), &good).await.unwrap();
    assert_eq!(shown(&late), json!({ "outcome": "rejected", "path": ["ask", "late"], "data": "timeout" }));
}

#[tokio::test]
async fn a_failed_step_is_tried_again_after_its_delay_and_no_more_often_than_allowed() {
    let world = World::new().await;
    let journey = |times: u32| {
        format!(
            "
journey: flaky{times}
steps:
  flaky:
    type: flaky
    retry: {{ times: {times}, delay: 5s }}
    branches: {{ next: done, failure: no }}
  done: {{ type: complete_journey }}
  no: {{ type: reject_access }}
"
        )
    };
    let engine = world.engine(&[&journey(1), &journey(2)]).await;
    for (name, end) in [("flaky2", "completed"), ("flaky1", "rejected")] {
        world.calls.flaky.store(0, Ordering::SeqCst);
        let good = handle(&engine.start(start(name, json!({}))).await.unwrap());
        assert_eq!(engine.tick(10).await.unwrap().woken, 0);
        world.pass(5);
        assert_eq!(engine.tick(10).await.unwrap().woken, 1);
        world.pass(5);
        engine.tick(10).await.unwrap();
        assert_eq!(engine.current(&tenant(), &good).await.unwrap().outcome.word(), end);
    }
}

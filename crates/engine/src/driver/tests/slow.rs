//! Steps that do not answer are cut; what they may have done is not done twice; retries. Time is moved by the test, or by
//! the step that hangs: nobody waits for it.

#![expect(clippy::disallowed_methods, reason = "how long a step was waited for is what is tested")]

use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use serde_json::json;
use tokio::time::Instant;

use crate::testing::{CODE, World, handle, shown, start, submit, tenant};

/// Whether so much time has passed, and no more than a busy machine may add.
fn took(began: Instant, seconds: u64) -> bool {
    (seconds..seconds + 5).contains(&began.elapsed().as_secs())
}

fn hang(settings: &str, branches: &str) -> String {
    format!(
        r#"
journey: hang
params: {{ code: {{ type: string, secret: true, nullable: true, default: null }} }}
steps:
  hang:
    type: hang
    with: {{ code: "@policy.request().params.code" }}
    {settings}
    error_output: why
    branches: {{ {branches} }}
  done: {{ type: complete_journey }}
  no: {{ type: reject_access, with: {{ data: "@why.code" }} }}
  late: {{ type: reject_access, with: {{ data: {{ late: "@why.code" }} }} }}
"#
    )
}

#[tokio::test]
async fn r57_a_step_that_hangs_is_cut_and_is_no_success() {
    let late = "  late: { type: reject_access, with: { data: { late: \"@why.code\" } } }\n";
    for (settings, branches, seconds, end) in [
        ("timeout: 5s", "success: done, failure: no, timeout: late", 5, json!({ "late": "timeout" })),
        ("timeout: 5s", "success: done, failure: no", 5, json!("timeout")),
        // Longer than a node has the run to itself.
        ("timeout: 10m", "success: done, failure: no", 20, json!("timeout")),
        ("note: none", "success: done, failure: no", 20, json!("timeout")),
    ] {
        let world = World::new().await;
        let text = hang(settings, branches);
        let text = if branches.contains("late") { text } else { text.replace(late, "") };
        let engine = world.engine(&[&text]).await;
        let began = Instant::now();
        let answer = engine.start(start("hang", json!({}))).await.unwrap();
        assert_eq!((answer.outcome.word(), &shown(&answer)["data"]), ("rejected", &end), "{settings}");
        assert!(took(began, seconds), "{settings}");
        // Nothing of what it left behind counts.
        assert!(!world.facts().await.iter().any(|fact| fact.name == "note.taken"));
        assert!(world.runs().await.iter().all(|run| run.identity.subject.is_none()));
    }
    // With nothing linked there is no way on.
    let world = World::new().await;
    let text = hang("timeout: 5s", "success: done");
    let text = text.split("  no:").next().unwrap();
    let answer = world.engine(&[text]).await.start(start("hang", json!({}))).await.unwrap();
    assert_eq!(shown(&answer), json!({ "outcome": "failed", "path": ["hang"], "code": "timeout" }));
}

#[tokio::test]
async fn law_04_what_a_cut_step_has_compared_is_settled() {
    for (code, live) in [(CODE, false), ("000000", true)] {
        let world = World::new().await;
        let text = hang("timeout: 5s", "success: done, failure: no, timeout: late");
        let engine = world.engine(&[&text]).await;
        let answer = engine.start(start("hang", json!({ "code": code }))).await.unwrap();
        assert_eq!(answer.outcome.word(), "rejected");
        assert_eq!((world.verifier.compared(), world.ledger.counted().await), (1, 1));
        assert_eq!(world.ledger.is_live().await, live, "a right code is used up, though it opened nothing");
        assert!(world.runs().await.iter().all(|run| !run.identity.is_proven()));
    }
}

#[tokio::test]
async fn the_time_of_a_step_runs_from_its_entry_over_its_waits() {
    let world = World::new().await;
    let journey = r#"
journey: later
steps:
  hang:
    type: hang
    with: { later: true }
    timeout: 30s
    branches: { failure: no }
  no: { type: reject_access }
"#;
    let engine = world.engine(&[journey]).await;
    let good = handle(&engine.start(start("later", json!({}))).await.unwrap());
    world.pass(27);
    let began = Instant::now();
    assert_eq!(engine.signal(&tenant(), "go", json!(null).into()).await.unwrap(), 1);
    assert!(took(began, 3));
    assert_eq!(engine.current(&tenant(), &good).await.unwrap().outcome.word(), "rejected");
}

fn slow(kind: &str, settings: &str) -> String {
    format!(
        r#"
journey: slow
steps:
  ask: {{ type: ask, branches: {{ next: slow }} }}
  slow:
    type: {kind}
    {settings}
    branches: {{ next: done, failure: no }}
  done: {{ type: complete_journey }}
  no: {{ type: reject_access }}
"#
    )
}

#[tokio::test]
async fn what_was_cut_is_done_again_only_under_the_same_key_and_never_if_once_is_all() {
    for (kind, tries, end) in [("slow_again", vec![2, 2, 2], "completed"), ("slow_once", vec![2], "rejected")] {
        let world = World::new().await;
        world.calls.hanging.store(2, Ordering::SeqCst);
        let engine = world.engine(&[&slow(kind, "retry: { times: 3, delay: 5s }")]).await;
        let asked = handle(&engine.start(start("slow", json!({}))).await.unwrap());
        let answer = engine.submit(submit(&asked, "submit", json!({ "answer": "a" }))).await.unwrap();
        let mut last = answer.outcome.word();
        for _ in 1..tries.len() {
            assert_eq!(last, "waiting", "{kind}");
            world.pass(5);
            engine.tick(10).await.unwrap();
            last = engine.current(&tenant(), &handle(&answer)).await.unwrap().outcome.word();
        }
        assert_eq!((last, &*world.calls.acted.lock().unwrap()), (end, &tries), "{kind}");
    }
}

#[tokio::test]
async fn a_retry_covers_what_is_away_and_a_limit_is_a_limit() {
    for (away, end) in [(2, "completed"), (3, "rejected")] {
        let world = World::new().await;
        world.calls.flaky.store(2, Ordering::SeqCst);
        world.calls.away.store(away, Ordering::SeqCst);
        let engine = world.engine(&[&slow("flaky", "retry: { times: 2, delay: 1m }")]).await;
        let asked = handle(&engine.start(start("slow", json!({}))).await.unwrap());
        let resting = engine.submit(submit(&asked, "submit", json!({ "answer": "a" }))).await.unwrap();
        world.pass(59);
        assert_eq!(engine.tick(10).await.unwrap().woken, 0, "it rests for the whole delay");
        for seconds in [1, 60] {
            world.pass(seconds);
            assert_eq!(engine.tick(10).await.unwrap().woken, 1);
        }
        let answer = engine.current(&tenant(), &handle(&resting)).await.unwrap();
        assert_eq!(answer.outcome.word(), end);
        assert_eq!(answer.path.iter().filter(|step| &***step == "slow").count(), 3);
    }
}

#[tokio::test]
async fn a_node_lets_a_step_work_no_longer_than_it_has_the_run() {
    let mut world = World::new().await;
    world.limits.step = SignedDuration::from_hours(1);
    let text = hang("note: none", "success: done, failure: no");
    let text = text.split("  late:").next().unwrap();
    let engine = world.engine(&[text]).await;
    let began = Instant::now();
    engine.start(start("hang", json!({}))).await.unwrap();
    assert!(took(began, 30));
}

#[test]
fn without_a_timer_no_step_is_called_and_nothing_succeeds() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let world = World::new().await;
        let engine = world.engine(&[&slow("slow_once", "note: none")]).await;
        let answer = engine.start(start("slow", json!({}))).await.unwrap();
        assert_eq!(shown(&answer)["code"], json!("step_panicked"));
    });
}

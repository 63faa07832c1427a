//! Law 1: errors, panics, time-outs and unknown exits fail closed.

use std::sync::atomic::Ordering;

use serde_json::json;

use crate::testing::{World, code_of, handle, shown, start, start_once, submit};

pub(super) fn odd(act: &str, failure: &str) -> String {
    format!(
        r#"
journey: odd
steps:
  odd:
    type: odd
    with: {{ act: {act} }}
    error_output: why
    branches: {{ next: done{failure} }}
  done: {{ type: complete_journey }}
  no:
    type: reject_access
    with: {{ data: "@why.code" }}
"#
    )
}

#[tokio::test]
async fn r57_whatever_a_step_does_wrong_is_no_success() {
    let wrongs = [
        ("panic", "step_panicked", "step_panicked"),
        ("fail", "told_to", "told_to"),
        ("not_configured", "not_configured", "not_configured"),
        ("write_code", "forbidden_write", "forbidden_write"),
        ("secret_prompt", "secret_in_prompt", "secret_in_prompt"),
        ("provide_secret", "secret_in_data", "secret_in_data"),
        ("provide_and_fail", "told_to", "told_to"),
        ("wait_for_nothing", "endless_wait", "endless_wait"),
        ("doze", "too_many_turns", "too_many_turns"),
    ];
    for (act, linked, _) in wrongs {
        let world = World::new().await;
        let engine = world.engine(&[&odd(act, ", failure: no")]).await;
        let answer = engine.start(start("odd", json!({}))).await.unwrap();
        assert_eq!(shown(&answer)["data"], json!(linked), "{act}");
    }
    for (act, _, aborted) in wrongs.into_iter().chain([("unknown_exit", "", "unknown_exit")]) {
        let world = World::new().await;
        let text = odd(act, "").replace("  no:\n    type: reject_access\n    with: { data: \"@why.code\" }\n", "");
        let engine = world.engine(&[&text]).await;
        let answer = engine.start(start("odd", json!({}))).await.unwrap();
        assert_eq!(shown(&answer)["code"], json!(aborted), "{act}");
        assert_eq!(world.facts().await.last().unwrap().name, "journey.failed");
    }
}

#[tokio::test]
async fn r98_an_expression_that_fails_fails_its_step() {
    let world = World::new().await;
    let journey = r#"
journey: expression
params: { n: integer }
steps:
  check:
    type: condition
    with: { if: "1 / policy_n > 0" }
    branches: { then: done, else: no, failure: oops }
  done: { type: complete_journey }
  no: { type: reject_access }
  oops:
    type: reject_access
    with: { data: oops }
"#
    .replace("policy_n", "@policy.request().params.n");
    let abort = journey
        .replace(", failure: oops", "")
        .replace("  oops:\n    type: reject_access\n    with: { data: oops }\n", "");
    let abort = abort.replace("journey: expression", "journey: abort");
    let engine = world.engine(&[&journey, &abort]).await;
    for (n, end) in [(1, "completed"), (-1, "rejected")] {
        assert_eq!(engine.start(start("expression", json!({ "n": n }))).await.unwrap().outcome.word(), end);
    }
    let oops = engine.start(start("expression", json!({ "n": 0 }))).await.unwrap();
    assert_eq!(shown(&oops)["data"], json!("oops"));
    let aborted = engine.start(start("abort", json!({ "n": 0 }))).await.unwrap();
    assert_eq!(shown(&aborted)["code"], json!("division-by-zero"));
}

#[tokio::test]
async fn r120_what_is_away_leaves_the_run_where_it_was() {
    let world = World::new().await;
    world.calls.flaky.store(2, Ordering::SeqCst);
    let journey = r#"
journey: away
steps:
  flaky:
    type: flaky
    branches: { next: done }
  done: { type: complete_journey }
"#;
    let engine = world.engine(&[journey]).await;
    world.calls.away.store(1, Ordering::SeqCst);
    let request = start_once("away", json!({}), "one");
    assert_eq!(code_of(engine.start(request.clone()).await), "unavailable");
    assert_eq!(engine.start(request).await.unwrap().outcome.word(), "completed");
    assert_eq!(world.runs().await.len(), 1);
}

#[tokio::test]
async fn r120_a_submit_may_come_again_when_what_was_away_is_back() {
    let world = World::new().await;
    world.calls.flaky.store(2, Ordering::SeqCst);
    let journey = r#"
journey: away
steps:
  ask: { type: ask, branches: { next: FIRST } }
  send: { type: send_again, next: flaky }
  flaky:
    type: flaky
    branches: { next: done }
  done: { type: complete_journey }
"#;
    // Away before anything was committed, and away after a commit on the way.
    for first in ["flaky", "send"] {
        let text = journey.replace("FIRST", first).replace("journey: away", &format!("journey: {first}"));
        let text =
            if first == "flaky" { text.replace("  send: { type: send_again, next: flaky }\n", "") } else { text };
        let engine = world.engine(&[&text]).await;
        let waiting = handle(&engine.start(start(first, json!({}))).await.unwrap());
        let answer = submit(&waiting, "submit", json!({ "answer": "a" }));
        world.calls.away.store(1, Ordering::SeqCst);
        assert_eq!(code_of(engine.submit(answer.clone()).await), "unavailable");
        let other = engine.submit(submit(&waiting, "submit", json!({ "answer": "b" }))).await;
        if first == "send" {
            assert_eq!(code_of(other), "conflict");
            assert_eq!(engine.submit(answer).await.unwrap().outcome.word(), "completed");
        } else {
            assert_eq!(other.unwrap().outcome.word(), "completed");
        }
    }
}

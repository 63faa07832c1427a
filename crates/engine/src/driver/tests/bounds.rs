//! Law 9: every run is bounded.

use serde_json::json;

use crate::testing::{World, handle, shown, start, submit};

const ROUND: &str = r#"
journey: round
steps:
  ask:
    type: ask
    branches: { next: again }
  again:
    type: set_temporary_variables
    with: { variables: { text: "x" } }
    branches: { next: ask }
  done: { type: complete_journey }
"#;

fn round() -> String {
    ROUND.replace("branches: { next: again }", "branches: { next: again, cancel: done }")
}

#[tokio::test]
async fn r59_a_step_is_visited_ten_times_at_most() {
    let world = World::new().await;
    let engine = world.engine(&[&round()]).await;
    let mut answer = engine.start(start("round", json!({}))).await.unwrap();
    for _ in 1..10 {
        answer = engine.submit(submit(&handle(&answer), "submit", json!({ "answer": "a" }))).await.unwrap();
    }
    let end = engine.submit(submit(&handle(&answer), "submit", json!({ "answer": "a" }))).await.unwrap();
    assert_eq!(shown(&end)["code"], json!("too_many_visits"));
    assert_eq!(end.path.len(), 20);
}

#[tokio::test]
async fn r59_a_run_executes_so_many_steps_at_most() {
    let mut world = World::new().await;
    world.limits.visits = 1000;
    let engine = world.engine(&[&round()]).await;
    let mut answer = engine.start(start("round", json!({}))).await.unwrap();
    while answer.outcome.word() == "prompt" {
        answer = engine.submit(submit(&handle(&answer), "submit", json!({ "answer": "a" }))).await.unwrap();
    }
    assert_eq!(shown(&answer)["code"], json!("too_many_steps"));
    assert_eq!(answer.path.len(), 200);
}

#[tokio::test]
async fn what_a_run_keeps_is_bounded() {
    let mut world = World::new().await;
    world.limits.state_bytes = 2000;
    let engine = world.engine(&[super::QUESTIONS]).await;
    let answer = engine.start(start("questions", json!({}))).await.unwrap();
    let long = "x".repeat(3000);
    let end = engine.submit(submit(&handle(&answer), "submit", json!({ "answer": long }))).await.unwrap();
    assert_eq!(shown(&end)["code"], json!("too_large"));
}

//! The forms that steer a run: cases and loops.

use serde_json::{Value as Json, json};

use crate::testing::{World, handle, shown, start, submit};

/// Starts `journey` with `params`; gives what became of it.
async fn play(text: &str, journey: &str, params: Json) -> Json {
    let world = World::new().await;
    let engine = world.engine(&[text]).await;
    shown(&engine.start(start(journey, params)).await.unwrap())
}

const CASES: &str = r#"
journey: cases
params: { x: any, y: { type: integer, default: 7 } }
steps:
  which:
    type: match_case
    with:
      on: "@policy.request().params.x"
      cases: { one: 1, text: "1", same: "@policy.request().params.y", list: [1, { a: 2.0 }], nothing: null, odd: "@1 / 0" }
    error_output: problem
    branches: { one: one, text: text, same: same, list: list, nothing: nothing, odd: odd, otherwise: other, failure: bad }
  one: { type: complete_journey }
  text: { type: complete_journey }
  same: { type: complete_journey }
  list: { type: complete_journey }
  nothing: { type: complete_journey }
  odd: { type: complete_journey }
  other: { type: reject_access }
  bad: { type: reject_access, with: { data: "@problem.code" } }
"#;

#[tokio::test]
async fn the_first_case_with_the_value_is_taken_as_by_equality() {
    for (x, end) in [
        (json!(1), "one"),
        (json!(1.0), "one"),
        (json!("1"), "text"),
        (json!(7), "same"),
        (json!([1.0, { "a": 2 }]), "list"),
    ] {
        let played = play(CASES, "cases", json!({ "x": x })).await;
        assert_eq!(played["path"], json!(["which", end]), "{x}");
    }
}

/// R98: an expression that cannot be evaluated is no case, and neither `otherwise`.
#[tokio::test]
async fn r98_a_case_that_cannot_be_evaluated_fails_the_step() {
    let played = play(CASES, "cases", json!({ "x": "none of them" })).await;
    assert_eq!((&played["path"], &played["data"]), (&json!(["which", "bad"]), &json!("division-by-zero")));
    let without =
        CASES.replace("cases: { one", "cases: { uno").replace("{ one: one", "{ uno: one").replace(", failure: bad", "");
    let without = without.replace("  bad: { type: reject_access, with: { data: \"@problem.code\" } }\n", "");
    let played = play(&without, "cases", json!({ "x": "none of them" })).await;
    assert_eq!((&played["outcome"], &played["code"]), (&json!("failed"), &json!("division-by-zero")));
}

/// Asks until the answer is the one, three times at most; counts in an inner loop.
const TRIES: &str = r#"
journey: tries
vars: { answer: { type: any, default: null }, inner: { type: integer, default: 0 } }
steps:
  again:
    type: while_loop
    with: { while: "answer != 'right'", max_iterations: 3 }
    branches: { next: done, exhausted: no }
    steps:
      ask: { type: ask, with: { text: "try" }, output: answer, branches: { next: stop, cancel: out } }
      stop: { type: condition, with: { if: "answer == 'stop'" }, branches: { then: break, else: twice } }
      twice:
        type: while_loop
        with: { while: true, max_iterations: 2 }
        branches: { next: abort, exhausted: continue }
        steps:
          count: { type: set_temporary_variables, with: { variables: { inner: "@inner + 1" } }, next: continue }
  done: { type: complete_journey, with: { data: { answer: "@answer", inner: "@inner" } } }
  out: { type: reject_access, with: { data: out } }
  no: { type: reject_access, with: { data: { inner: "@inner" } } }
"#;

/// Answers one question after the other, each on a node of its own: nothing of a loop is in a node's memory.
async fn answers(text: &str, journey: &str, given: &[(&str, &str)]) -> Json {
    let world = World::new().await;
    let mut answer = world.engine(&[text]).await.start(start(journey, json!({}))).await.unwrap();
    for (option, value) in given {
        let engine = world.engine(&[text]).await;
        answer = engine.submit(submit(&handle(&answer), option, json!({ "answer": value }))).await.unwrap();
    }
    shown(&answer)
}

#[tokio::test]
async fn a_loop_is_left_when_its_expression_is_false_also_after_restarts() {
    let played = answers(TRIES, "tries", &[("submit", "wrong"), ("submit", "right")]).await;
    assert_eq!(played["data"], json!({ "answer": "right", "inner": 4 }));
    let turn = ["again", "ask", "stop", "twice", "count", "twice", "count", "twice"];
    let path: Vec<_> = turn.iter().chain(&turn).chain(&["again", "done"]).collect();
    assert_eq!(played["path"], json!(path));
}

#[tokio::test]
async fn a_loop_that_was_played_to_its_bound_is_exhausted() {
    let played = answers(TRIES, "tries", &[("submit", "a"), ("submit", "b"), ("submit", "c")]).await;
    assert_eq!((&played["outcome"], &played["data"]), (&json!("rejected"), &json!({ "inner": 6 })));
    // The last turn may still bring it about.
    let played = answers(TRIES, "tries", &[("submit", "a"), ("submit", "b"), ("submit", "right")]).await;
    assert_eq!(played["outcome"], json!("completed"));
}

#[tokio::test]
async fn break_and_an_outer_step_leave_the_loop() {
    let played = answers(TRIES, "tries", &[("submit", "a"), ("submit", "stop")]).await;
    assert_eq!(played["data"], json!({ "answer": "stop", "inner": 2 }));
    let path = played["path"].as_array().unwrap();
    assert_eq!(path[path.len() - 2..], [json!("stop"), json!("done")], "the loop is not asked again");
    let world = World::new().await;
    let engine = world.engine(&[TRIES]).await;
    let waiting = engine.start(start("tries", json!({}))).await.unwrap();
    let played = shown(&engine.submit(submit(&handle(&waiting), "cancel", json!({}))).await.unwrap());
    assert_eq!((&played["outcome"], &played["data"]), (&json!("rejected"), &json!("out")));
}

const TURNS: &str = r#"
journey: turns
params: { turns: integer }
vars: { n: { type: integer, default: 0 }, rounds: { type: integer, default: 0 } }
steps:
  many:
    type: while_loop
    with: { while: "n < @policy.request().params.turns", max_iterations: 1000 }
    branches: { next: done, exhausted: abort }
    steps:
      add: { type: set_temporary_variables, with: { variables: { n: "@n + 1" } }, next: continue }
  done: { type: complete_journey, with: { data: "@n" } }
"#;

/// R59, law 9: a loop raises the bound of visits for its own steps, and never that of all executions.
#[tokio::test]
async fn r59_a_loop_may_go_round_more_often_than_a_step_is_visited_but_the_run_stays_bounded() {
    assert_eq!(play(TURNS, "turns", json!({ "turns": 90 })).await["data"], json!(90));
    let played = play(TURNS, "turns", json!({ "turns": 900 })).await;
    assert_eq!((&played["outcome"], &played["code"]), (&json!("failed"), &json!("too_many_steps")));
}

/// Law 9: within a turn, and for entering the loop anew, the bound of visits stands.
#[tokio::test]
async fn a_loop_that_is_reached_again_and_again_is_visited_too_often() {
    let text = r#"
journey: anew
vars: { n: { type: integer, default: 0 } }
steps:
  loop:
    type: while_loop
    with: { while: true, max_iterations: 1 }
    branches: { next: abort, exhausted: ask }
    steps:
      add: { type: set_temporary_variables, with: { variables: { n: "@n + 1" } }, next: continue }
  ask: { type: ask, output: a, branches: { next: loop } }
"#;
    let played = answers(text, "anew", &[("submit", "x"); 10]).await;
    assert_eq!((&played["outcome"], &played["code"]), (&json!("failed"), &json!("too_many_visits")));
    let count = played["path"].as_array().unwrap().iter().filter(|step| **step == json!("add")).count();
    assert_eq!(count, 10, "each time the count began anew");
}

/// R98: a loop whose expression cannot be evaluated is neither over nor played on.
#[tokio::test]
async fn r98_a_loop_that_cannot_be_decided_fails() {
    let text = TURNS.replace("n < @policy.request().params.turns", "n / 0 < 1");
    assert_eq!(play(&text, "turns", json!({ "turns": 1 })).await["code"], json!("division-by-zero"));
}

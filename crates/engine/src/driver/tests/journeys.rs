//! Journeys that play others: what goes in, what comes out, and whom the run speaks of afterwards.

use serde_json::{Value as Json, json};

use crate::testing::{CODE, World, code_of, handle, shown, start, submit, tenant};
use crate::{Answer, Engine};

/// Asks for a word.
const ASK: &str = r#"
journey: ask_it
kind: sub
params: { text: string, again: { type: integer, default: 7 } }
outputs: { word: string, again: integer }
steps:
  ask:
    type: ask
    with: { text: "${@policy.request().params.text}?" }
    output: word
    branches: { next: done, cancel: no }
  done:
    type: complete_journey
    with: { data: { word: "@word", again: "@policy.request().params.again" } }
  no:
    type: reject_access
    with: { data: { why: "it was not said" } }
"#;

/// Asks for two words by the same sub-journey.
const TWICE: &str = r#"
journey: twice
params: { again: { type: integer, required: false } }
steps:
  first:
    type: invoke_sub_journey
    with: { journey: ask_it, params: { text: one } }
    output: one
    branches: { completed: second, rejected: no }
  second:
    type: invoke_sub_journey
    with: { journey: ask_it, params: { text: "after ${one.word}", again: "@policy.request().params.again" } }
    output: two
    error_output: problem
    branches: { completed: done, rejected: no }
  done:
    type: complete_journey
    with: { data: { one: "@one", two: "@two" } }
  no:
    type: reject_access
    with: { data: "@problem" }
vars: { problem: { type: any, default: null } }
"#;

/// Proves who the user is, and ends as it is told.
pub(super) const PROVE: &str = r#"
journey: prove
kind: sub
params: { user: { type: string, default: user123 }, code: { type: string, secret: true }, then: string }
steps:
  verify:
    type: verify
    with: { user: "@policy.request().params.user", code: "@policy.request().params.code" }
    branches: { success: pause, failure: no }
  pause:
    type: ask
    branches: { next: how, cancel: abort }
  how:
    type: condition
    with: { if: "@policy.request().params.then == 'complete'" }
    branches: { then: done, else: no }
  done: { type: complete_journey }
  no: { type: reject_access }
"#;

pub(super) const PROVED: &str = r#"
journey: proved
params: { before: { type: string, secret: true, required: false }, code: { type: string, secret: true }, then: string }
steps:
  needed:
    type: condition
    with: { if: "@policy.request().params.before != null" }
    branches: { then: verify, else: call }
  verify:
    type: verify
    with: { user: user123, code: "@policy.request().params.before" }
    branches: { success: call, failure: no }
  call:
    type: invoke_sub_journey
    with: { journey: prove, params: { code: "@policy.request().params.code", then: "@policy.request().params.then" } }
    timeout: 60s
    branches: { completed: done, rejected: done, timeout: done }
  done:
    type: complete_journey
    unauthenticated: true
    with: { data: "@policy.isUserAuthenticated()" }
  no: { type: reject_access }
"#;

async fn say(engine: &Engine, answer: &Answer, word: &str) -> Answer {
    engine.submit(submit(&handle(answer), "submit", json!({ "answer": word }))).await.unwrap()
}

#[tokio::test]
async fn one_sub_journey_is_played_twice_each_time_anew() {
    let world = World::new().await;
    let engine = world.engine(&[TWICE, ASK]).await;
    let first = engine.start(start("twice", json!({ "again": 9 }))).await.unwrap();
    assert_eq!(shown(&first)["prompt"]["text"], json!("one?"));
    assert_eq!(shown(&first)["step"], json!("ask"), "the client sees the id of the step that asks");
    let second = say(&engine, &first, "a").await;
    assert_eq!(shown(&second)["prompt"]["text"], json!("after a?"));
    let end = say(&engine, &second, "b").await;
    assert_eq!(shown(&end)["data"], json!({ "one": { "word": "a", "again": 7 }, "two": { "word": "b", "again": 9 } }));
    let path = ["first", "first/ask", "first/done", "second", "second/ask", "second/done", "done"];
    assert_eq!(shown(&end)["path"], json!(path));

    // What is null is not given: the default counts.
    let first = engine.start(start("twice", json!({}))).await.unwrap();
    let end = say(&engine, &say(&engine, &first, "a").await, "b").await;
    assert_eq!(shown(&end)["data"]["two"], json!({ "word": "b", "again": 7 }));
}

#[tokio::test]
async fn a_refusal_comes_back_with_its_data_and_the_run_goes_on() {
    let world = World::new().await;
    let engine = world.engine(&[TWICE, ASK]).await;
    let first = engine.start(start("twice", json!({}))).await.unwrap();
    let second = say(&engine, &first, "a").await;
    let end = engine.submit(submit(&handle(&second), "cancel", Json::Null)).await.unwrap();
    let problem = json!({
        "code": "rejected", "message": "the sub-journey was refused", "data": { "why": "it was not said" },
    });
    assert_eq!((&shown(&end)["outcome"], &shown(&end)["data"]), (&json!("rejected"), &problem));
    let facts = world.facts().await;
    let returned: Vec<_> = facts.iter().filter(|fact| fact.name == "journey.returned").collect();
    let told: Vec<_> = returned.iter().map(|fact| (fact.step.as_deref(), fact.result.as_deref())).collect();
    assert_eq!(told, [(Some("first/done"), Some("completed")), (Some("second/no"), Some("rejected"))]);
}

#[tokio::test]
async fn a_sub_journey_is_started_by_no_client() {
    let world = World::new().await;
    let engine = world.engine(&[TWICE, ASK]).await;
    assert_eq!(code_of(engine.start(start("ask_it", json!({ "text": "x" }))).await), "unknown_journey");
    assert_eq!(engine.journeys(&tenant()).len(), 1);
}

/// What does not fit is refused before the other journey begins.
#[tokio::test]
async fn a_parameter_that_does_not_fit_fails_the_step() {
    let caller = |failure: &str| {
        format!(
            r#"
journey: caller
params: {{ text: {{ type: any, required: false }} }}
steps:
  call:
    type: invoke_sub_journey
    with: {{ journey: ask_it, params: {{ text: "@policy.request().params.text" }} }}
    error_output: why
    branches: {{ completed: done, rejected: done{failure} }}
  done: {{ type: complete_journey }}
  no:
    type: reject_access
    with: {{ data: "@why.code" }}
"#
        )
    };
    let world = World::new().await;
    let engine = world.engine(&[&caller(", failure: no"), ASK]).await;
    for params in [json!({}), json!({ "text": 1 })] {
        let end = engine.start(start("caller", params)).await.unwrap();
        assert_eq!((&shown(&end)["data"], &shown(&end)["path"]), (&json!("wrong_type"), &json!(["call", "no"])));
    }
    let without = caller("").replace("  no:\n    type: reject_access\n    with: { data: \"@why.code\" }\n", "");
    let engine = world.engine(&[&without, ASK]).await;
    let end = engine.start(start("caller", json!({ "text": 1 }))).await.unwrap();
    assert_eq!(shown(&end)["code"], json!("wrong_type"));
}

/// Law 3: what a sub-journey proves is the run's if it completes.
#[tokio::test]
async fn r58_a_proof_passes_to_the_caller_through_completion_only() {
    for (then, authenticated) in [("complete", true), ("reject", false)] {
        let world = World::new().await;
        let engine = world.engine(&[PROVED, PROVE]).await;
        let paused = engine.start(start("proved", json!({ "code": CODE, "then": then }))).await.unwrap();
        assert!(world.token_of(paused.run).await, "the proof has its tokens at once");
        let end = say(&engine, &paused, "x").await;
        assert_eq!(shown(&end)["data"], json!(authenticated), "{then}");
        assert_eq!(shown(&end)["tokens"] != json!(null), authenticated, "{then}");
        assert_eq!(
            world.token_of(end.run).await,
            authenticated,
            "tokens of a proof that does not count are taken back"
        );
    }
}

/// Law 3: what was proven before counts again after a refusal, with tokens of its own.
#[tokio::test]
async fn r60_a_refused_sub_journey_changes_nobody() {
    let world = World::new().await;
    // The first proof uses the code up; while the run waits, a new one is issued.
    let slowly = PROVED
        .replace("branches: { success: call, failure: no }", "branches: { success: wait, failure: no }")
        .replace("  call:\n", "  wait:\n    type: ask\n    branches: { next: call, cancel: no }\n  call:\n");
    let engine = world.engine(&[&slowly, PROVE]).await;
    let params = json!({ "before": CODE, "code": CODE, "then": "reject" });
    let waiting = engine.start(start("proved", params)).await.unwrap();
    world.ledger.issue().await;
    let paused = say(&engine, &waiting, "x").await;
    assert_eq!(world.runs().await[0].identity.proofs.len(), 2);
    let end = say(&engine, &paused, "x").await;
    let shown = shown(&end);
    assert_eq!((&shown["data"], &shown["claims"]), (&json!(true), &json!({ "sub": "user123", "amr": ["temp_code"] })));
    assert!(world.token_of(end.run).await);
}

#[tokio::test]
async fn a_timeout_ends_the_sub_journey_wherever_it_waits() {
    let world = World::new().await;
    let engine = world.engine(&[PROVED, PROVE]).await;
    let paused = engine.start(start("proved", json!({ "code": CODE, "then": "complete" }))).await.unwrap();
    world.pass(59);
    assert_eq!(engine.tick(10).await.unwrap().woken, 0);
    world.pass(1);
    assert_eq!(engine.tick(10).await.unwrap().woken, 1);
    let end = engine.current(&tenant(), &handle(&paused)).await.unwrap();
    assert_eq!(shown(&end)["data"], json!(false), "what was proven in it is forgotten");
    assert_eq!(shown(&end)["path"], json!(["needed", "call", "call/verify", "call/pause", "done"]));
    assert!(!world.token_of(end.run).await);
}

/// Nobody looks at the clock until both are over: the wait, which fails the run, and the sub-journey around it.
#[tokio::test]
async fn what_was_over_first_counts_whenever_it_is_noticed() {
    for (wait, outcome) in [("30s", "failed"), ("90s", "completed")] {
        let world = World::new().await;
        let prove = PROVE.replace("  pause:\n", &format!("  pause:\n    timeout: {wait}\n"));
        let engine = world.engine(&[PROVED, &prove]).await;
        let paused = engine.start(start("proved", json!({ "code": CODE, "then": "complete" }))).await.unwrap();
        world.pass(100);
        let end = engine.current(&tenant(), &handle(&paused)).await.unwrap();
        assert_eq!(end.outcome.word(), outcome, "{wait}");
    }
}

/// Law 6: the bundle holds the sub-journeys, too.
#[tokio::test]
async fn r56_a_run_stays_on_the_sub_journeys_with_which_it_began() {
    let world = World::new().await;
    let engine = world.engine(&[TWICE, ASK]).await;
    let first = engine.start(start("twice", json!({}))).await.unwrap();
    let newer = ASK.replace("params.text}?", "params.text} now?");
    let restarted = world.engine(&[TWICE, &newer]).await;
    let second = say(&restarted, &first, "a").await;
    assert_eq!(shown(&second)["prompt"]["text"], json!("after a?"));
    let new = restarted.start(start("twice", json!({}))).await.unwrap();
    assert_eq!(shown(&new)["prompt"]["text"], json!("one now?"));
}

#[tokio::test]
async fn a_sub_journey_that_fails_fails_the_run() {
    let world = World::new().await;
    let engine = world.engine(&[PROVED, PROVE]).await;
    let paused = engine.start(start("proved", json!({ "code": CODE, "then": "complete" }))).await.unwrap();
    let end = engine.submit(submit(&handle(&paused), "cancel", Json::Null)).await.unwrap();
    assert_eq!(shown(&end)["outcome"], json!("failed"));
    assert!(!world.token_of(end.run).await);
}

/// Law 9: journeys within journeys are bounded.
#[tokio::test]
async fn r59_journeys_wait_for_one_another_only_so_deep() {
    let level = |number: usize, last: usize| {
        let kind = if number == 0 { "" } else { "kind: sub\n" };
        let step = if number == last {
            "  done: { type: complete_journey }\n".to_owned()
        } else {
            format!(
                "  call:\n    type: invoke_sub_journey\n    with: {{ journey: level{} }}\n    branches: {{ completed: done, rejected: abort }}\n  done: {{ type: complete_journey }}\n",
                number + 1
            )
        };
        format!("journey: level{number}\n{kind}steps:\n{step}")
    };
    for (last, outcome) in [(7, "completed"), (8, "failed")] {
        let world = World::new().await;
        let levels: Vec<_> = (0..=last).map(|number| level(number, last)).collect();
        let levels: Vec<_> = levels.iter().map(String::as_str).collect();
        let engine = world.engine(&levels).await;
        let end = engine.start(start("level0", json!({}))).await.unwrap();
        assert_eq!(end.outcome.word(), outcome);
        if outcome == "failed" {
            assert_eq!(shown(&end)["code"], json!("too_deep"));
        }
    }
}

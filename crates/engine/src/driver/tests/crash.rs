//! Law 10 and the commit points: the machine dies at each commit in turn, before or after it; the same requests then lead
//! to the same end, no code is accepted twice, no attempt is given back, and nothing is sent twice that must not be.

use std::sync::atomic::Ordering;

use serde_json::{Value as Json, json};

use super::journeys::{PROVE, PROVED};
use super::{QUESTIONS, RECOVERY};
use crate::testing::{CODE, When, World, handle, shown, start_once, submit};
use crate::{Answer, Engine, EngineError};

/// Plays a whole journey; what fails because the machine died is asked for again after a restart.
async fn play(
    world: &World,
    dies: Option<(i64, When)>,
    journeys: &[&str],
    name: &str,
    params: &Json,
    answers: &[&str],
) -> Answer {
    let mut engine = world.engine(journeys).await;
    if let Some((commits, when)) = dies {
        world.disk.die_after(commits, when);
    }
    let mut answer = insist(world, &mut engine, journeys, async |engine: &Engine| {
        engine.start(start_once(name, params.clone(), "one")).await
    })
    .await;
    for text in answers {
        let shown = handle(&answer);
        answer = insist(world, &mut engine, journeys, async |engine: &Engine| {
            engine.submit(submit(&shown, "submit", json!({ "answer": text }))).await
        })
        .await;
    }
    answer
}

async fn insist(
    world: &World,
    engine: &mut Engine,
    journeys: &[&str],
    ask: impl AsyncFn(&Engine) -> Result<Answer, EngineError>,
) -> Answer {
    for _ in 0..4 {
        match ask(engine).await {
            Ok(answer) => return answer,
            Err(error) => {
                assert!(matches!(error.code(), "unavailable" | "conflict"), "{error:?}");
                world.disk.revive();
                *engine = world.engine(journeys).await;
                // The lease of the node that died.
                world.pass(31);
            }
        }
    }
    panic!("it never answered");
}

/// Journeys, the one that is started, its parameters, the answers, and whether a code is used up.
type Case<'a> = (&'a [&'a str], &'a str, &'a Json, &'a [&'a str], bool);

#[tokio::test]
async fn stopped_at_any_commit_a_journey_comes_to_the_same_end() {
    let right = json!({ "user": "user123", "code": CODE });
    let wrong = json!({ "user": "user123", "code": "0" });
    let (kept, given_back) = (json!({ "code": CODE, "then": "complete" }), json!({ "code": CODE, "then": "reject" }));
    let cases: [Case<'_>; 5] = [
        (&[QUESTIONS], "questions", &json!({}), &["a", "b"], false),
        (&[RECOVERY], "recovery", &right, &[], true),
        (&[RECOVERY], "recovery", &wrong, &[], false),
        (&[PROVED, PROVE], "proved", &kept, &["x"], true),
        (&[PROVED, PROVE], "proved", &given_back, &["x"], true),
    ];
    for (journeys, name, params, answers, consumes) in cases {
        let expected = shown(&play(&World::new().await, None, journeys, name, params, answers).await);
        let mut died = 0;
        for when in [When::Before, When::After] {
            for commit in 0..8 {
                let world = World::new().await;
                let answer = play(&world, Some((commit, when)), journeys, name, params, answers).await;
                died += i32::from(world.disk.has_died());
                assert_eq!(shown(&answer), expected, "{name} {when:?} {commit}");
                let facts = world.facts().await;
                let count = |name: &str| facts.iter().filter(|fact| fact.name == name).count();
                let consumed = usize::from(consumes);
                assert_eq!(count("tempcode.verified"), consumed, "{when:?} {commit}");
                assert_eq!(count("journey.completed") + count("journey.rejected"), 1, "{when:?} {commit}");
                assert_eq!(world.ledger.is_live().await, consumed == 0);
                let holds_tokens = expected["tokens"] != Json::Null;
                assert_eq!(world.token_of(answer.run).await, holds_tokens, "{name} {when:?} {commit}");
                let compared = world.verifier.compared() as u64;
                assert!(world.ledger.counted().await >= compared, "an attempt was given back");
            }
        }
        assert!(died >= 4, "{name} has too few commits to die at");
    }
}

#[tokio::test]
async fn an_outward_call_in_doubt_is_repeated_only_if_that_does_no_harm() {
    let journey = r#"
journey: send
steps:
  first: { type: send_again, output: number, next: second }
  second:
    type: send_once
    error_output: why
    branches: { next: done, failure: doubt }
  doubt:
    type: reject_access
    with: { data: "@why.code" }
  done:
    type: complete_journey
    with: { data: "@number" }
"#;
    let mut ends = std::collections::BTreeSet::new();
    for when in [When::Before, When::After] {
        for commit in 0..7 {
            let world = World::new().await;
            let answer = shown(&play(&world, Some((commit, when)), &[journey], "send", &json!({}), &[]).await);
            let sent = world.calls.sent_once.load(Ordering::SeqCst);
            assert!(sent <= 1, "sent {sent} times: {when:?} {commit}");
            match answer["outcome"].as_str().unwrap() {
                "completed" => assert_eq!((&answer["data"], sent), (&json!(1), 1)),
                _ => assert_eq!(answer["data"], json!("in_doubt")),
            }
            ends.insert(answer.to_string());
        }
    }
    assert_eq!(ends.len(), 2, "{ends:?}");
}

#[tokio::test]
async fn a_run_left_between_two_commits_goes_on_by_its_timer() {
    let journey = r#"
journey: send
steps:
  first: { type: send_again, next: ask }
  ask:
    type: ask
    branches: { next: done }
  done: { type: complete_journey }
"#;
    let world = World::new().await;
    let engine = world.engine(&[journey]).await;
    world.disk.die_after(1, When::Before);
    assert!(engine.start(start_once("send", json!({}), "one")).await.is_err());
    world.disk.revive();
    let engine = world.engine(&[journey]).await;
    let busy = engine.start(start_once("send", json!({}), "one")).await;
    assert_eq!(crate::testing::code_of(busy), "conflict");
    world.pass(30);
    assert_eq!(engine.tick(10).await.unwrap().woken, 1);
    let answer = engine.start(start_once("send", json!({}), "one")).await.unwrap();
    let done = engine.submit(submit(&handle(&answer), "submit", json!({ "answer": "a" }))).await.unwrap();
    assert_eq!(done.outcome.word(), "completed");
    assert_eq!(world.runs().await.len(), 1);
}

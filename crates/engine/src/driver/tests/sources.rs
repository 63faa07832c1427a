//! R115: what a caller brings about is on record with from where it calls, and nobody's call is taken for another's.

use serde_json::json;
use wayfarer_step::{Fact, Source};

use super::{QUESTIONS, RECOVERY};
use crate::testing::{CODE, When, World, handle, shown, start, start_once, submit, tenant};
use crate::{Start, Submit};

fn from(address: &str) -> Source {
    Source::new(address.parse().ok(), Some(&format!("agent of {address}")))
}

/// Names, each with from where; a fact without both is from nowhere.
fn told(facts: &[Fact]) -> Vec<(&str, &str)> {
    let from = |fact: &'_ Fact| {
        let address = fact.details.get("address")?.as_str()?.to_owned();
        (fact.details.get("user_agent")? == &json!(format!("agent of {address}"))).then_some(address)
    };
    let known = |address: String| ["10.0.0.1", "10.0.0.2"].into_iter().find(|known| *known == address);
    facts.iter().map(|fact| (&*fact.name, from(fact).and_then(known).unwrap_or_default())).collect()
}

#[tokio::test]
async fn r115_an_attempt_and_its_run_say_from_where() {
    let world = World::new().await;
    let engine = world.engine(&[RECOVERY]).await;
    let wrong = start("recovery", json!({ "user": "user123", "code": "000000" }));
    engine.start(Start { source: from("10.0.0.1"), ..wrong }).await.unwrap();
    let expected = [
        ("journey.deployed", ""),
        ("journey.started", "10.0.0.1"),
        ("tempcode.attempt_failed", "10.0.0.1"),
        ("journey.step", "10.0.0.1"),
        ("journey.rejected", "10.0.0.1"),
    ];
    assert_eq!(told(&world.facts().await), expected);
}

#[tokio::test]
async fn r115_whoever_answers_is_another_caller_and_r48_the_same_answer_may_come_from_elsewhere() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let first = engine.start(Start { source: from("10.0.0.1"), ..start("questions", json!({})) }).await.unwrap();
    let answer =
        |address| Submit { source: from(address), ..submit(&handle(&first), "submit", json!({ "answer": "a" })) };
    let next = engine.submit(answer("10.0.0.2")).await.unwrap();
    assert_eq!(shown(&engine.submit(answer("10.0.0.1")).await.unwrap()), shown(&next));
    let expected = [
        ("journey.deployed", ""),
        ("journey.started", "10.0.0.1"),
        ("journey.waiting", "10.0.0.1"),
        ("journey.resumed", "10.0.0.2"),
        ("journey.step", "10.0.0.2"),
        ("journey.waiting", "10.0.0.2"),
    ];
    assert_eq!(told(&world.facts().await), expected);
}

#[tokio::test]
async fn what_another_run_or_time_brings_about_is_from_nowhere() {
    let world = World::new().await;
    let engine = world.engine(&[super::signals::LISTEN]).await;
    let listen = start("listen", json!({ "key": "step-a" }));
    engine.start(Start { source: from("10.0.0.1"), ..listen }).await.unwrap();
    assert_eq!(engine.signal(&tenant(), "step-a", json!({}).into()).await.unwrap(), 1);
    let facts = world.facts().await;
    let resumed: Vec<_> = told(&facts).into_iter().skip_while(|(name, _)| *name != "journey.resumed").collect();
    assert!(resumed.len() > 1 && resumed.iter().all(|(_, from)| from.is_empty()), "{resumed:?}");
}

#[tokio::test]
async fn r48_the_same_start_may_come_from_elsewhere_and_a_run_that_it_takes_over_says_so() {
    let world = World::new().await;
    let once = |address| Start {
        source: from(address),
        ..start_once("recovery", json!({ "user": "user123", "code": CODE }), "key-1")
    };
    world.engine(&[RECOVERY]).await.start(once("10.0.0.1")).await.unwrap();
    let engine = world.engine(&[RECOVERY]).await;
    assert_eq!(engine.start(once("10.0.0.2")).await.unwrap().outcome.word(), "completed");
    assert!(told(&world.facts().await).iter().all(|(_, from)| *from != "10.0.0.2"), "nothing happened anew");

    let world = World::new().await;
    let engine = world.engine(&[RECOVERY]).await;
    world.disk.die_after(2, When::Before);
    engine.start(once("10.0.0.1")).await.unwrap_err();
    world.disk.revive();
    world.pass(31);
    assert_eq!(world.engine(&[RECOVERY]).await.start(once("10.0.0.2")).await.unwrap().outcome.word(), "completed");
    let facts = world.facts().await;
    let told = told(&facts);
    assert!(
        told.contains(&("journey.started", "10.0.0.1")) && told.contains(&("journey.completed", "10.0.0.2")),
        "{told:?}"
    );
}

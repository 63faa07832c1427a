//! Versions side by side: what a file brings, what an operator chooses, and what a start gets.

use std::sync::Arc;

use serde_json::json;
use wayfarer_step::Actor;

use super::bundles::Newer;
use super::{QUESTIONS, RECOVERY};
use crate::testing::{Ask, World, handle, registry, shown, start, start_once, submit, tenant};
use crate::{Deploy, DeployError, Deployed, Engine, Fallen, Registry};

fn saying(text: &str) -> String {
    QUESTIONS.replace("one?", text)
}

fn deploy_of(sources: &[&str]) -> Deploy {
    let named = |(index, text): (usize, &&str)| (format!("{index}.yaml"), text.as_bytes().to_vec());
    Deploy {
        tenant: tenant(),
        sources: sources.iter().enumerate().map(named).collect(),
        whole: true,
        strict: false,
        percent: None,
        by: Actor::operator("ann"),
        note: Some("because".to_owned()),
    }
}

async fn deploy(engine: &Engine, sources: &[&str]) -> Deployed {
    engine.deploy(deploy_of(sources)).await.unwrap()
}

/// What a new run asks first.
async fn asks(engine: &Engine) -> String {
    let answer = engine.start(start("questions", json!({}))).await.unwrap();
    shown(&answer)["prompt"]["text"].as_str().unwrap().to_owned()
}

fn changes(deployed: &Deployed) -> Vec<(&'static str, &str, Option<u32>)> {
    deployed.changes.iter().map(|(name, journey, version)| (*name, &**journey, *version)).collect()
}

#[tokio::test]
async fn sent_strictly_all_files_are_good_or_none_changes_anything() {
    let world = World::new().await;
    let engine = world.engine(&[]).await;
    deploy(&engine, &[&saying("v1")]).await;
    let strictly = |sources: &[&str]| Deploy { strict: true, whole: false, ..deploy_of(sources) };
    let refused = engine.deploy(strictly(&[&saying("v2"), "journey: odd"])).await.unwrap();
    assert_eq!((changes(&refused), refused.faulty.len(), asks(&engine).await), (vec![], 1, "v1".to_owned()));
    assert_eq!(engine.deployments(&tenant()).await.unwrap()[0].versions.len(), 1, "nothing is kept of it");
    let taken = engine.deploy(strictly(&[&saying("v2"), RECOVERY])).await.unwrap();
    assert_eq!((taken.changes.len(), asks(&engine).await), (2, "v2".to_owned()));
}

#[tokio::test]
async fn r56_a_new_version_is_for_new_runs_and_a_restart_serves_what_was_live() {
    let world = World::new().await;
    let engine = world.engine(&[]).await;
    let first = deploy(&engine, &[&saying("v1")]).await;
    assert_eq!(changes(&first), [("journey.deployed", "questions", Some(1))]);
    let waiting = engine.start(start("questions", json!({}))).await.unwrap();
    deploy(&engine, &[&saying("v2")]).await;
    assert_eq!(asks(&engine).await, "v2");
    let next = engine.submit(submit(&handle(&waiting), "submit", json!({ "answer": "a" }))).await.unwrap();
    assert_eq!(shown(&next)["prompt"]["text"], json!("two, after a?"));

    engine.roll_back(&tenant(), &Actor::operator("ann"), "questions", Some("it asks wrong")).await.unwrap();
    assert_eq!(asks(&engine).await, "v1");
    let restarted = world.engine(&[]).await;
    let again = deploy(&restarted, &[&saying("v2")]).await;
    assert_eq!((changes(&again), asks(&restarted).await), (vec![], "v1".to_owned()));
    deploy(&restarted, &[&saying("v3")]).await;
    assert_eq!(asks(&restarted).await, "v3");

    let facts = world.facts().await;
    let told: Vec<_> = facts.iter().filter(|fact| fact.details.contains_key("version")).collect();
    let names: Vec<_> = told.iter().map(|fact| (&*fact.name, fact.details["version"].as_u64().unwrap())).collect();
    assert_eq!(
        names,
        [("journey.deployed", 1), ("journey.deployed", 2), ("journey.rolled_back", 1), ("journey.deployed", 3)]
    );
    assert_eq!((&*told[2].actor.id, told[2].reason.as_deref()), ("ann", Some("it asks wrong")));
}

#[tokio::test]
async fn a_file_with_mistakes_keeps_the_last_good_version_and_the_others_go_live() {
    let world = World::new().await;
    let engine = world.engine(&[]).await;
    deploy(&engine, &[&saying("v1"), RECOVERY]).await;
    let broken = saying("v2").replace("next: second", "next: nowhere");
    let changed = RECOVERY.replace("not valid", "changed");
    let deployed = deploy(&engine, &[&broken, &changed]).await;
    assert_eq!(changes(&deployed), [("journey.deployed", "recovery", Some(2))]);
    assert_eq!((deployed.faulty.len(), deployed.missing.as_slice()), (1, [].as_slice()));
    assert_eq!(asks(&engine).await, "v1");

    // Nor is anything taken for gone that a file which cannot even be read may hold.
    let deployed = deploy(&engine, &["- ", &changed]).await;
    assert_eq!((changes(&deployed), deployed.missing.as_slice()), (vec![], [None].as_slice()));
    assert_eq!(asks(&engine).await, "v1");
    let restarted = world.engine(&[]).await;
    deploy(&restarted, &[&broken, &changed]).await;
    assert_eq!(asks(&restarted).await, "v1");

    let deployed = deploy(&restarted, &[&changed]).await;
    assert_eq!(changes(&deployed), [("journey.withdrawn", "questions", None)]);
    assert_eq!(restarted.start(start("questions", json!({}))).await.unwrap_err().code(), "unknown_journey");
    assert_eq!(changes(&deploy(&restarted, &[&saying("v1"), &changed]).await).len(), 1);
    assert_eq!(asks(&restarted).await, "v1");
}

const OUTER: &str = r#"
journey: outer
steps:
  go: { type: invoke_sub_journey, with: { journey: inner }, branches: { completed: done, rejected: done, failure: done } }
  done: { type: complete_journey }
"#;

const INNER: &str = r#"
journey: inner
kind: sub
steps:
  ask: { type: ask, with: { text: "v1" }, branches: { next: done } }
  done: { type: complete_journey }
"#;

#[tokio::test]
async fn who_invokes_a_journey_with_mistakes_serves_on_as_it_was() {
    let world = World::new().await;
    let engine = world.engine(&[]).await;
    let first = deploy(&engine, &[OUTER, INNER]).await;
    assert_eq!(changes(&first), [("journey.deployed", "outer", Some(1))], "{:?}", first.faulty);
    let text = async |engine: &Engine| {
        let answer = engine.start(start("outer", json!({}))).await.unwrap();
        shown(&answer)["prompt"]["text"].clone()
    };
    let deployed = deploy(&engine, &[OUTER, &INNER.replace("next: done", "next: nowhere").replace("v1", "v2")]).await;
    assert!(deployed.changes.is_empty() && deployed.missing.is_empty(), "{deployed:?}");
    assert_eq!((deployed.faulty.len(), text(&engine).await), (1, json!("v1")));
    deploy(&engine, &[OUTER, &INNER.replace("v1", "v2")]).await;
    assert_eq!(text(&engine).await, json!("v2"));
}

#[tokio::test]
async fn a_version_on_trial_gets_its_share_and_a_repeated_start_the_same_one() {
    let world = World::new().await;
    let engine = world.engine(&[]).await;
    deploy(&engine, &[&saying("v1")]).await;
    engine.deploy(Deploy { percent: Some(30), whole: false, ..deploy_of(&[&saying("v2")]) }).await.unwrap();
    let node = world.engine(&[]).await;
    deploy(&node, &[&saying("v2")]).await;
    let mut tried = 0;
    for number in 0..400 {
        let request = start_once("questions", json!({}), &format!("request {number}"));
        let drawn = |engine: &Engine| {
            engine.0.drawn(&tenant(), "questions", request.request_id.as_ref().unwrap().as_bytes()).unwrap().hash()
        };
        assert_eq!(drawn(&engine), drawn(&node));
        let answer = engine.start(request.clone()).await.unwrap();
        tried += usize::from(shown(&answer)["prompt"]["text"] == json!("v2"));
    }
    assert!((80..160).contains(&tried), "{tried} of 400 are not about 30 in a hundred");

    let by = Actor::operator("ann");
    engine.put_on_trial(&tenant(), &by, "questions", 2, 0, None).await.unwrap();
    for _ in 0..20 {
        assert_eq!(asks(&engine).await, "v1");
    }
    engine.make_live(&tenant(), &by, "questions", 2, None).await.unwrap();
    assert_eq!(asks(&engine).await, "v2");
    let unknown = engine.make_live(&tenant(), &by, "questions", 7, None).await.unwrap_err();
    assert_eq!(unknown.code(), "unknown_version");
}

#[tokio::test]
async fn a_version_on_trial_takes_what_the_live_one_takes() {
    let world = World::new().await;
    let engine = world.engine(&[]).await;
    deploy(&engine, &[RECOVERY]).await;
    let demanding = RECOVERY.replace("  user: string\n", "  user: string\n  more: string\n");
    let trial = |text: &str| Deploy { percent: Some(50), whole: false, ..deploy_of(&[text]) };
    let refused = engine.deploy(trial(&demanding)).await;
    assert!(matches!(refused, Err(DeployError::OtherParameters { version: 2 })), "{refused:?}");
    assert_eq!(engine.deployments(&tenant()).await.unwrap()[0].versions.len(), 1, "nothing is kept of it");
    let open = RECOVERY.replace("  user: string\n", "  user: string\n  more: { type: string, required: false }\n");
    let taken = engine.deploy(trial(&open)).await.unwrap();
    assert_eq!(changes(&taken), [("journey.put_on_trial", "recovery", Some(2))], "{:?}", taken.faulty);
}

/// The steps of a later release: a newer question, and nothing that verifies.
fn later() -> Registry {
    let mut registry = Registry::new();
    registry.insert(Arc::new(Newer { step: Arc::new(Ask), version: 2, migrates: true })).unwrap();
    registry
}

#[tokio::test]
async fn a_rolled_back_version_is_made_anew_with_newer_steps() {
    let world = World::new().await;
    let engine = world.engine(&[]).await;
    deploy(&engine, &[&saying("v1")]).await;
    deploy(&engine, &[&saying("v2")]).await;
    engine.roll_back(&tenant(), &Actor::operator("ann"), "questions", None).await.unwrap();
    let newer = world.engine_of(later(), &[]).await;
    let deployed = deploy(&newer, &[&saying("v2")]).await;
    assert_eq!(changes(&deployed), [("journey.renewed", "questions", Some(1))]);
    assert_eq!(asks(&newer).await, "v1");
}

#[tokio::test]
async fn what_cannot_run_any_more_gives_way_to_the_last_good_version_or_fails_closed() {
    let world = World::new().await;
    let engine = world.engine(&[]).await;
    let verifying = RECOVERY.replace("journey: recovery", "journey: questions");
    deploy(&engine, &[&saying("v1"), RECOVERY]).await;
    deploy(&engine, &[&verifying, RECOVERY]).await;

    let without = world.engine_of(later(), &[]).await;
    let deployed = deploy(&without, &[&verifying, RECOVERY]).await;
    assert_eq!(deployed.faulty.len(), 2);
    assert_eq!(deployed.missing, [Some("recovery".into())]);
    let fallen = |journey: &str, wanted, serves| Fallen { journey: journey.into(), wanted, serves };
    assert_eq!(deployed.fallen, [fallen("questions", 2, Some(1)), fallen("recovery", 1, None)]);
    assert_eq!(asks(&without).await, "v1");
    assert_eq!(without.start(start("recovery", json!({}))).await.unwrap_err().code(), "unknown_journey");
    let by = Actor::operator("ann");
    let refused = without.put_on_trial(&tenant(), &by, "questions", 1, 10, None).await.unwrap_err();
    assert_eq!(refused.code(), "cannot_run");

    // The record says what it said: with the steps of before it serves again.
    let back = world.engine_of(registry(&world.calls), &[]).await;
    assert!(deploy(&back, &[&verifying, RECOVERY]).await.fallen.is_empty());
    let answer = back.start(start("questions", json!({ "user": "user123", "code": "000000" }))).await.unwrap();
    assert_eq!(answer.outcome.word(), "rejected");
}

#[tokio::test]
async fn more_journeys_than_one_commit_takes_are_deployed_whole() {
    const MANY: usize = 900;
    let world = World::new().await;
    let (one, other) = (world.engine(&[]).await, world.engine(&[]).await);
    let texts: Vec<String> =
        (0..MANY).map(|number| QUESTIONS.replace("journey: questions", &format!("journey: q{number}"))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (first, second) = tokio::join!(deploy(&one, &texts), deploy(&other, &texts));
    let mut told: Vec<_> = first.changes.iter().chain(&second.changes).map(|(_, journey, _)| journey.clone()).collect();
    told.sort();
    assert_eq!(
        (told.len(), {
            told.dedup();
            told.len()
        }),
        (MANY, MANY),
        "each is told once, by who changed it"
    );
    let facts = world.facts().await;
    assert_eq!(facts.iter().filter(|fact| &*fact.name == "journey.deployed").count(), MANY);
    for engine in [&one, &other] {
        assert_eq!(engine.journeys(&tenant()).len(), MANY);
    }
    assert_eq!(changes(&deploy(&world.engine(&[]).await, &texts).await), []);
}

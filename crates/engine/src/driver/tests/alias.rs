//! What an interface says of a run beside its handle: it names, it proves nothing, and it tells only that the run went on.

use serde_json::json;
use uuid::Uuid;
use wayfarer_lang::Value;
use wayfarer_step::Source;
use wayfarer_store::TenantId;

use super::QUESTIONS;
use crate::testing::{World, handle, start, tenant};
use crate::{EngineError, Outcome, Submit};

const LISTEN: &str = r#"
journey: listen
steps:
  listen: { type: listen, with: { key: "step-a" }, branches: { next: done } }
  done: { type: complete_journey }
"#;

#[tokio::test]
async fn an_alias_is_of_one_run_one_client_and_one_tenant() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let one = engine.start(start("questions", json!({}))).await.unwrap();
    let two = engine.start(start("questions", json!({}))).await.unwrap();
    let alias = engine.alias(&tenant(), "web", one.run);
    assert!(engine.is_alias(&tenant(), "web", &alias, &handle(&one)));
    assert!(!engine.is_alias(&tenant(), "web", &alias, &handle(&two)));
    assert!(!engine.is_alias(&tenant(), "app", &alias, &handle(&one)));
    let other = TenantId::new("other").unwrap();
    assert_ne!(engine.alias(&other, "web", one.run), alias);
    assert!(!engine.is_alias(&other, "web", &alias, &handle(&one)));
    for text in ["", "A", &"A".repeat(43), &"A".repeat(1_000)] {
        assert!(!engine.is_alias(&tenant(), "web", text, &handle(&one)), "{text}");
        assert!(!engine.is_alias(&tenant(), "web", &alias, text), "{text}");
    }
}

#[tokio::test]
async fn a_mark_tells_that_the_run_went_on_and_answers_nothing() {
    let world = World::new().await;
    let engine = world.engine(&[LISTEN]).await;
    let answer = engine.start(start("listen", json!({}))).await.unwrap();
    let (alias, mark) = (engine.alias(&tenant(), "web", answer.run), answer.outcome.handle().unwrap().mark());
    assert!(!engine.has_gone_on(&tenant(), "web", &alias, &mark).await.unwrap());

    let stale = engine.current(&tenant(), &mark).await;
    assert!(matches!(stale, Err(EngineError::StaleHandle)), "a mark is no handle: {stale:?}");
    let foreign = engine.alias(&tenant(), "web", Uuid::nil());
    let cut: String = mark.chars().take(40).collect();
    for (alias, mark) in [(&*foreign, &*mark), ("", &mark), (&alias, ""), (&alias, &cut)] {
        let refused = engine.has_gone_on(&tenant(), "web", alias, mark).await;
        assert!(matches!(refused, Err(EngineError::StaleHandle)), "{alias} {mark}: {refused:?}");
    }

    engine.signal(&tenant(), "step-a", Value::from("hello")).await.unwrap();
    assert!(engine.has_gone_on(&tenant(), "web", &alias, &mark).await.unwrap());
}

#[tokio::test]
async fn a_mark_of_an_answered_wait_is_over() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let answer = engine.start(start("questions", json!({}))).await.unwrap();
    let (alias, mark) = (engine.alias(&tenant(), "web", answer.run), answer.outcome.handle().unwrap().mark());
    let data = Value::from(json!({ "answer": "x" }));
    let submit = Submit {
        tenant: tenant(),
        handle: handle(&answer),
        step: None,
        option: "submit".into(),
        data,
        source: Source::default(),
    };
    let next = engine.submit(submit).await.unwrap();
    let Outcome::Prompt { handle, .. } = &next.outcome else { panic!("{next:?}") };
    assert!(engine.has_gone_on(&tenant(), "web", &alias, &mark).await.unwrap());
    assert!(!engine.has_gone_on(&tenant(), "web", &alias, &handle.mark()).await.unwrap());
}

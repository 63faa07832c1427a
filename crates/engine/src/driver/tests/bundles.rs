//! Law 6: a run stays on the bundle with which it began.

use std::sync::Arc;

use serde_json::json;
use wayfarer_step::lang::catalog::Declaration;
use wayfarer_step::{AnyReply, AnyStep, Context, Event, ShapeError, StepError, Value};

use super::QUESTIONS;
use crate::testing::{World, handle, shown, start, submit};
use crate::{LoadError, Registry};

#[tokio::test]
async fn r56_a_new_version_is_for_new_runs_also_after_a_restart() {
    let world = World::new().await;
    let newer = QUESTIONS.replace("two, after", "changed, after");
    let engine = world.engine(&[QUESTIONS]).await;
    let old = [
        engine.start(start("questions", json!({}))).await.unwrap(),
        engine.start(start("questions", json!({}))).await.unwrap(),
    ];
    engine.load(&crate::testing::tenant(), [("q.yaml".to_owned(), newer.clone())]).await.unwrap();
    let new = engine.start(start("questions", json!({}))).await.unwrap();
    let restarted = world.engine(&[&newer]).await;

    for (engine, answer, text) in [
        (&engine, &old[0], "two, after a?"),
        (&restarted, &old[1], "two, after a?"),
        (&restarted, &new, "changed, after a?"),
    ] {
        let next = engine.submit(submit(&handle(answer), "submit", json!({ "answer": "a" }))).await.unwrap();
        assert_eq!(shown(&next)["prompt"]["text"], json!(text));
    }
}

#[tokio::test]
async fn all_findings_of_all_files_are_told_and_nothing_is_loaded() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let bad = [("a.yaml".to_owned(), "journey: a\n".to_owned()), ("b.yaml".to_owned(), "- b".to_owned())];
    let Err(LoadError::Findings { files }) = engine.load(&crate::testing::tenant(), bad).await else {
        panic!("it has mistakes")
    };
    assert_eq!(files.len(), 2);
    let twice = [("a".to_owned(), QUESTIONS.to_owned()), ("b".to_owned(), QUESTIONS.to_owned())];
    assert!(matches!(engine.load(&crate::testing::tenant(), twice).await, Err(LoadError::Findings { .. })));
    assert_eq!(engine.journeys(&crate::testing::tenant()).len(), 1);
}

/// A step as a later release of the host would have it.
pub(super) struct Newer {
    pub(super) step: Arc<dyn AnyStep>,
    pub(super) version: u32,
    /// Whether it can still read the state of an older version.
    pub(super) migrates: bool,
}

#[wayfarer_step::async_trait]
impl AnyStep for Newer {
    fn declaration(&self) -> Result<Declaration, ShapeError> {
        Ok(Declaration { version: self.version, ..self.step.declaration()? })
    }

    async fn enter(&self, cx: &mut Context, params: &Value) -> Result<AnyReply, StepError> {
        self.step.enter(cx, params).await
    }

    async fn resume(
        &self,
        cx: &mut Context,
        params: &Value,
        version: u32,
        state: &Value,
        event: Event,
    ) -> Result<AnyReply, StepError> {
        assert_eq!(version, 1, "the state is still that of the first version");
        let as_known = if self.migrates { 1 } else { self.version + 1 };
        self.step.resume(cx, params, as_known, state, event).await
    }
}

#[tokio::test]
async fn a_newer_step_may_migrate_a_wait_but_does_not_begin_visits_in_older_runs() {
    for (migrates, end) in [(true, "step_version"), (false, "step_version")] {
        let world = World::new().await;
        let engine = world.engine(&[QUESTIONS]).await;
        let waiting = engine.start(start("questions", json!({}))).await.unwrap();

        let mut registry = Registry::new();
        registry.insert(Arc::new(Newer { step: Arc::new(crate::testing::Ask), version: 2, migrates })).unwrap();
        let newer = world.engine_of(registry, &[QUESTIONS]).await;
        let answer = newer.submit(submit(&handle(&waiting), "submit", json!({ "answer": "a" }))).await.unwrap();
        assert_eq!(shown(&answer)["code"], json!(end));
        // Migrated, the first question was left; the second would be a new visit of a step that has changed.
        let left =
            world.facts().await.iter().any(|fact| fact.step.as_deref() == Some("first") && fact.result.is_some());
        assert_eq!(left, migrates);
    }
}

#[tokio::test]
async fn a_bundle_that_is_gone_fails_its_runs_closed() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let waiting = engine.start(start("questions", json!({}))).await.unwrap();
    world.erase_bundles().await;
    let restarted = world.engine(&[super::RECOVERY]).await;
    let answer = restarted.submit(submit(&handle(&waiting), "submit", json!({ "answer": "a" }))).await;
    assert_eq!(crate::testing::code_of(answer), "stale_handle");
    assert_eq!(restarted.current(&crate::testing::tenant(), &handle(&waiting)).await.unwrap().outcome.word(), "failed");
}

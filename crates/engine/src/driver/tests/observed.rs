//! Whoever measures is told what was committed and how calls ended, and never of what was not.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::RECOVERY;
use super::trouble::odd;
use crate::testing::{CODE, World, start};
use crate::{CommitEnd, Observed, Observer};

#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Notes {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn note(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }
}

impl Observer for Notes {
    fn happened(&self, fact: &wayfarer_step::Fact) {
        self.note(fact.name.to_string());
    }

    fn called(&self, call: &Observed<'_>) {
        self.note(format!("{}/{} {}", call.journey, call.step_type, call.end.word()));
    }

    fn committed(&self, end: CommitEnd) {
        self.note(end.word().to_owned());
    }
}

async fn watched() -> (Arc<Notes>, World) {
    let notes = Arc::new(Notes::default());
    let mut world = World::new().await;
    world.observer = notes.clone();
    (notes, world)
}

#[tokio::test]
async fn calls_commits_and_facts_are_told_in_their_order() {
    let (notes, world) = watched().await;
    let engine = world.engine(&[RECOVERY]).await;
    assert_eq!(notes.take(), ["journey.deployed"]);
    engine.start(start("recovery", json!({ "user": "user123", "code": CODE }))).await.unwrap();
    let told = notes.take();
    let told: Vec<_> = told.iter().map(String::as_str).filter(|note| !note.starts_with("tempcode.")).collect();
    assert_eq!(
        told,
        ["recovery/verify answered", "written", "journey.started", "journey.step", "written", "journey.completed",]
    );
}

/// R121: a panic is counted.
#[tokio::test]
async fn r121_a_step_that_panics_is_told_as_such() {
    let (notes, world) = watched().await;
    let engine = world.engine(&[&odd("panic", ", failure: no")]).await;
    engine.start(start("odd", json!({}))).await.unwrap();
    assert!(notes.take().contains(&"odd/odd panicked".to_owned()));
}

/// What a conflict took back did not happen.
#[tokio::test]
async fn what_was_not_committed_is_not_told() {
    let (notes, world) = watched().await;
    let engine = world.engine(&[RECOVERY]).await;
    notes.take();
    world.disk.die_after(0, crate::testing::When::Before);
    engine.start(start("recovery", json!({ "user": "user123", "code": CODE }))).await.unwrap_err();
    assert!(!notes.take().iter().any(|note| note.starts_with("journey.") || note == "written"));
}

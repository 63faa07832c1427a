//! A step's own records: read again, never in the clear, and not lost to somebody else's write.

use serde_json::json;
use wayfarer_store::{Kind, TenantId};

use crate::testing::{World, shown, start, tenant};
use crate::{Engine, Start};

const TALLY: &str = r#"
journey: tally
params: { id: string, astray: { type: boolean, default: false } }
steps:
  tally:
    type: tally
    with: { id: "@policy.request().params.id", astray: "@policy.request().params.astray" }
    output: count
    error_output: why
    branches: { next: done, failure: no }
  done: { type: complete_journey, with: { data: "@count" } }
  no: { type: reject_access, with: { data: "@why.code" } }
"#;

async fn count(engine: &Engine, start: Start) -> serde_json::Value {
    shown(&engine.start(start).await.unwrap())["data"].clone()
}

#[tokio::test]
async fn what_was_staged_is_read_until_it_expires_by_the_tenant_whose_it_is() {
    let world = World::new().await;
    let engine = world.engine(&[TALLY]).await;
    for expected in [1, 2, 3] {
        assert_eq!(count(&engine, start("tally", json!({ "id": "secret-id" }))).await, json!(expected));
    }
    let other = TenantId::new("other").unwrap();
    engine.load(&other, [("tally.yaml".to_owned(), TALLY.to_owned())]).await.unwrap();
    let theirs = Start { tenant: other, ..start("tally", json!({ "id": "secret-id" })) };
    assert_eq!(count(&engine, theirs).await, json!(1));
    world.pass(60);
    assert_eq!(count(&engine, start("tally", json!({ "id": "secret-id" }))).await, json!(1));
}

#[tokio::test]
async fn r107_an_id_stands_nowhere_in_the_clear() {
    let world = World::new().await;
    let engine = world.engine(&[TALLY]).await;
    count(&engine, start("tally", json!({ "id": "secret-id" }))).await;
    let kept = world.vault.scan(&tenant(), Kind::new("step-tally"), None, 10).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!kept[0].0.windows(9).any(|bytes| bytes == b"secret-id"));
}

#[tokio::test]
async fn what_belongs_to_a_port_cannot_be_read() {
    let world = World::new().await;
    let engine = world.engine(&[TALLY]).await;
    let astray = start("tally", json!({ "id": "user123", "astray": true }));
    assert_eq!(count(&engine, astray).await, json!("refused"));
}

#[tokio::test]
async fn a_record_that_changed_meanwhile_is_read_anew() {
    let world = World::new().await;
    let engine = world.engine(&[TALLY]).await;
    let other = world.engine(&[TALLY]).await;
    world.disk.before_commit(0, move || {
        let other = other.clone();
        Box::pin(async move {
            other.start(start("tally", json!({ "id": "one" }))).await.unwrap();
        })
    });
    assert_eq!(count(&engine, start("tally", json!({ "id": "one" }))).await, json!(2));
    let ends = world.facts().await.into_iter().filter(|fact| fact.name == "journey.step").count();
    assert_eq!(ends, 2, "what did not count left no trace");
}

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod alias;
mod bounds;
mod bundles;
mod crash;
mod deploy;
mod forms;
mod journeys;
mod observed;
mod proofs;
mod provided;
mod records;
mod requests;
mod signals;
mod slow;
mod sources;
mod trouble;
mod waits;

use serde_json::json;

use crate::testing::{CODE, World, shown, start};

/// A code is checked, and the run ends by what it was.
pub(super) const RECOVERY: &str = r#"
journey: recovery
params:
  user: string
  code: { type: string, secret: true }
steps:
  verify:
    type: verify
    with:
      user: "@policy.request().params.user"
      code: "@policy.request().params.code"
    error_output: problem
    branches: { success: restore, failure: deny }
  restore: { type: complete_journey }
  deny:
    type: reject_access
    with: { data: { message: "not valid" } }
"#;

/// Two questions, one after the other.
pub(super) const QUESTIONS: &str = r#"
journey: questions
steps:
  first:
    type: ask
    with: { text: "one?" }
    output: one
    branches: { next: second }
  second:
    type: ask
    with: { text: "two, after ${one}?" }
    output: two
    branches: { next: done, cancel: no }
  done:
    type: complete_journey
    with: { data: { one: "@one", two: "@two" } }
  no: { type: reject_access }
"#;

#[tokio::test]
async fn the_right_code_completes_with_tokens_and_a_wrong_one_is_rejected() {
    let world = World::new().await;
    let engine = world.engine(&[RECOVERY]).await;

    let wrong = engine.start(start("recovery", json!({ "user": "user123", "code": "000000" }))).await.unwrap();
    let refusal = json!({ "outcome": "rejected", "path": ["verify", "deny"], "data": { "message": "not valid" } });
    assert_eq!(shown(&wrong), refusal);

    let right = engine.start(start("recovery", json!({ "user": "user123", "code": CODE }))).await.unwrap();
    let completed = json!({
        "outcome": "completed",
        "path": ["verify", "restore"],
        "data": null,
        "tokens": { "access_token": "[secret]", "token_type": "Bearer" },
        "claims": { "sub": "user123", "amr": ["temp_code"] },
    });
    assert_eq!(shown(&right), completed);

    // Law 4: once used, it is worth nothing, and the client sees what it sees for any wrong code (law 7; R38).
    let again = engine.start(start("recovery", json!({ "user": "user123", "code": CODE }))).await.unwrap();
    assert_eq!(shown(&again), refusal);
}

#[tokio::test]
async fn the_audit_trail_tells_the_reason_and_no_secret() {
    let world = World::new().await;
    let engine = world.engine(&[RECOVERY]).await;
    engine.start(start("recovery", json!({ "user": "user123", "code": "s3cr3t-guess" }))).await.unwrap();

    let facts = world.facts().await;
    let names: Vec<_> = facts.iter().map(|fact| &*fact.name).collect();
    assert_eq!(
        names,
        ["journey.deployed", "journey.started", "tempcode.attempt_failed", "journey.step", "journey.rejected"],
    );
    let step = facts.iter().find(|fact| fact.name == "journey.step").unwrap();
    assert_eq!((step.step.as_deref(), step.result.as_deref()), (Some("verify"), Some("failure")));
    assert_eq!(step.reason.as_deref(), Some("invalid_credentials: refused"));
    assert!(!serde_json::to_string(&facts).unwrap().contains("s3cr3t-guess"));
}

#[tokio::test]
async fn an_ended_run_keeps_no_parameter_variable_or_token() {
    let world = World::new().await;
    let engine = world.engine(&[RECOVERY]).await;
    let answer = engine.start(start("recovery", json!({ "user": "user123", "code": CODE }))).await.unwrap();
    let runs = world.runs().await;
    let bytes = crate::record::encode(&runs).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains(CODE) && !text.contains("token-of"), "{text}");
    let overview = engine.run(&crate::testing::tenant(), answer.run).await.unwrap().unwrap();
    assert_eq!((overview.status, overview.user_id.as_deref()), ("completed", Some("user123")));
}

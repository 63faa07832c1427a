//! Law 3: what must not be believed, and who a run speaks of.

use serde_json::json;

use super::RECOVERY;
use crate::testing::{CODE, World, handle, shown, start, submit};

fn odd(kind: &str, act: &str) -> String {
    let branches = if kind == "odd_verifier" { "success: done, failure: no" } else { "next: done, failure: no" };
    format!(
        r#"
journey: odd
steps:
  odd:
    type: {kind}
    with: {{ act: {act} }}
    error_output: why
    branches: {{ {branches} }}
  done: {{ type: complete_journey }}
  no:
    type: reject_access
    with: {{ data: "@why.code" }}
"#
    )
}

#[tokio::test]
async fn r44_success_without_a_proof_of_this_visit_is_a_failure() {
    for act in ["just_says_so", "own_ledger", "other_method"] {
        let world = World::new().await;
        let engine = world.engine(&[&odd("odd_verifier", act)]).await;
        let answer = engine.start(start("odd", json!({}))).await.unwrap();
        assert_eq!(shown(&answer)["data"], json!("unproven_success"), "{act}");
        let run = world.runs().await.remove(0);
        assert!(!run.identity.is_proven() && run.identity.subject.is_none(), "{act}");
        assert!(!world.facts().await.iter().any(|fact| fact.name == "note.taken"), "what it left behind is dropped");
    }
}

#[tokio::test]
async fn a_step_cannot_write_what_a_port_owns() {
    let world = World::new().await;
    let engine = world.engine(&[&odd("odd", "write_code")]).await;
    world.ledger.revoke().await;
    let answer = engine.start(start("odd", json!({}))).await.unwrap();
    assert_eq!(shown(&answer)["data"], json!("forbidden_write"));
    assert!(!world.ledger.is_live().await);

    let engine = world.engine(&[&odd("odd", "write_own")]).await;
    assert_eq!(engine.start(start("odd", json!({}))).await.unwrap().outcome.word(), "completed");
    let note = world.facts().await.into_iter().find(|fact| fact.name == "note.taken").unwrap();
    assert_eq!((note.journey.as_deref(), note.step.as_deref()), (Some("odd"), Some("odd")));
}

#[tokio::test]
async fn a_code_taken_back_between_comparison_and_commit_proves_nothing() {
    let world = World::new().await;
    let engine = world.engine(&[RECOVERY]).await;
    // The commit that would consume the code finds it gone.
    world.disk.before_commit(1, {
        let ledger = world.ledger.clone();
        move || {
            let ledger = ledger.clone();
            Box::pin(async move { ledger.revoke().await })
        }
    });
    let answer = engine.start(start("recovery", json!({ "user": "user123", "code": CODE }))).await.unwrap();
    assert_eq!(answer.outcome.word(), "rejected");
    let facts = world.facts().await;
    let step = facts.iter().find(|fact| fact.name == "journey.step").unwrap();
    assert_eq!(step.reason.as_deref(), Some("void: the secret was taken back meanwhile"));
    assert!(!facts.iter().any(|fact| fact.name == "tempcode.verified"));
}

#[tokio::test]
async fn r60_another_user_clears_the_proofs_and_takes_the_tokens_back() {
    let world = World::new().await;
    let journey = r#"
journey: turncoat
params: { code: { type: string, secret: true }, other: string }
steps:
  verify:
    type: verify
    with: { user: user123, code: "@policy.request().params.code" }
    branches: { success: turn, failure: no }
  turn:
    type: odd
    with: { act: name, user: "@policy.request().params.other" }
    branches: { next: who }
  who:
    type: is_user_authenticated
    branches: { then: done, else: done }
  done:
    type: complete_journey
    unauthenticated: true
    with: { data: "@policy.userContext()" }
  no: { type: reject_access }
"#;
    let engine = world.engine(&[journey]).await;
    let params = json!({ "code": CODE, "other": "mallory" });
    let answer = engine.start(start("turncoat", params)).await.unwrap();
    assert_eq!(
        shown(&answer),
        json!({
            "outcome": "completed", "path": ["verify", "turn", "who", "done"],
            "data": null, "tokens": null, "claims": null,
        })
    );
    assert!(!world.token_of(answer.run).await);

    // The same user again changes nothing.
    world.ledger.issue().await;
    let answer = engine.start(start("turncoat", json!({ "code": CODE, "other": "user123" }))).await.unwrap();
    assert_eq!(shown(&answer)["data"], json!({ "user_id": "user123" }));
    assert!(world.token_of(answer.run).await);
}

/// The checker goes by what a step declares, so the engine does too.
#[tokio::test]
async fn a_step_that_does_not_declare_it_names_no_user() {
    let world = World::new().await;
    let journey = r#"
journey: unasked
params: { code: { type: string, secret: true } }
steps:
  verify:
    type: verify
    with: { user: user123, code: "@policy.request().params.code" }
    branches: { success: name, failure: no }
  name:
    type: names_unasked
    error_output: why
    branches: { next: done, failure: told }
  told:
    type: reject_access
    with: { data: "@why.code" }
  done: { type: complete_journey }
  no: { type: reject_access }
"#;
    let engine = world.engine(&[journey]).await;
    let answer = engine.start(start("unasked", json!({ "code": CODE }))).await.unwrap();
    assert_eq!(shown(&answer)["data"], json!("undeclared_user"));
    assert_eq!(world.runs().await[0].identity.subject.as_ref().map(|user| &*user.user_id), Some("user123"));
}

#[tokio::test]
async fn r45_tokens_are_confirmed_at_the_end_and_taken_back_at_any_other() {
    let world = World::new().await;
    let journey = |last: &str| {
        format!(
            r#"
journey: pause_{last}
params: {{ code: {{ type: string, secret: true }} }}
steps:
  verify:
    type: verify
    with: {{ user: user123, code: "@policy.request().params.code" }}
    branches: {{ success: pause, failure: no }}
  pause:
    type: ask
    branches: {{ next: last, cancel: no }}
  last: {{ type: {last} }}
  no: {{ type: reject_access }}
"#
        )
    };
    let engine = world.engine(&[&journey("complete_journey"), &journey("reject_access")]).await;

    let paused = engine.start(start("pause_complete_journey", json!({ "code": CODE }))).await.unwrap();
    assert!(world.token_of(paused.run).await);
    world.revoke_token(paused.run).await;
    let refused = engine.submit(submit(&handle(&paused), "submit", json!({ "answer": "a" }))).await.unwrap();
    assert_eq!(shown(&refused)["code"], json!("not_confirmed"));

    world.ledger.issue().await;
    let paused = engine.start(start("pause_reject_access", json!({ "code": CODE }))).await.unwrap();
    engine.submit(submit(&handle(&paused), "submit", json!({ "answer": "a" }))).await.unwrap();
    assert!(!world.token_of(paused.run).await);

    // Given up, or left alone: the same.
    for wait in [false, true] {
        world.ledger.issue().await;
        let paused = engine.start(start("pause_complete_journey", json!({ "code": CODE }))).await.unwrap();
        if wait {
            world.pass(15 * 60);
            engine.tick(10).await.unwrap();
        } else {
            engine.cancel(&crate::testing::tenant(), &handle(&paused)).await.unwrap();
        }
        assert!(!world.token_of(paused.run).await);
    }
}

#[tokio::test]
async fn r99_a_secret_leaves_by_no_prompt() {
    let world = World::new().await;
    let engine = world.engine(&[&odd("odd", "secret_prompt")]).await;
    let answer = engine.start(start("odd", json!({}))).await.unwrap();
    assert_eq!(shown(&answer)["data"], json!("secret_in_prompt"));
}

#[tokio::test]
async fn r39_an_answer_tells_its_host_that_a_secret_was_not_accepted() {
    let world = World::new().await;
    let engine = world.engine(&[RECOVERY]).await;
    for (code, refused) in [("000000", true), (CODE, false), (CODE, true)] {
        let answer = engine.start(start("recovery", json!({ "user": "user123", "code": code }))).await.unwrap();
        assert_eq!(answer.refused, refused, "{code}");
    }
}

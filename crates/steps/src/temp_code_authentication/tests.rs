#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use serde_json::json;
use wayfarer_step::testing::{Bench, FakeLedger, FakeVerifier};
use wayfarer_step::{AnyReply, Refusal};

use super::TempCodeAuthentication;

async fn play(bench: &Bench, user: &str, code: &str) -> AnyReply {
    let params = json!({ "external_user_id": user, "temp_code": code });
    bench.enter(&TempCodeAuthentication, params).await.unwrap()
}

fn exit_and_code(reply: &AnyReply) -> (&str, Option<&str>, bool) {
    match reply {
        AnyReply::Done { exit, failure, proof, .. } => {
            (exit, failure.as_ref().map(|failure| &*failure.code), proof.is_some())
        }
        AnyReply::Wait(_) => panic!("this step never waits"),
    }
}

#[tokio::test]
async fn the_right_code_brings_a_proof() {
    let bench = Bench::default();
    let reply = play(&bench, "user123", "123456").await;
    assert_eq!(exit_and_code(&reply), ("success", None, true));
    assert_eq!((bench.ledger().counted(), bench.verifier().compared()), (1, 1));
}

#[tokio::test]
async fn a_wrong_code_fails_without_a_proof() {
    let bench = Bench::default();
    let reply = play(&bench, "user123", "654321").await;
    assert_eq!(exit_and_code(&reply), ("failure", Some("invalid_credentials"), false));
    assert_eq!((bench.ledger().counted(), bench.verifier().compared()), (1, 1));
}

#[tokio::test]
async fn nothing_is_compared_for_an_unknown_user_but_the_same_work_is_done_r39() {
    let bench = Bench::default();
    let reply = play(&bench, "nobody", "123456").await;
    assert_eq!(exit_and_code(&reply), ("failure", Some("unknown_user"), false));
    assert_eq!((bench.verifier().compared(), bench.verifier().pretended()), (0, 1));
}

#[tokio::test]
async fn each_refusal_takes_its_exit_and_only_expiry_has_one_of_its_own() {
    for refusal in [Refusal::Expired, Refusal::Locked, Refusal::NoCode, Refusal::UnknownUser, Refusal::Disabled] {
        let bench = Bench::new(FakeLedger::for_user("user123").refusing(refusal), FakeVerifier::accepting("123456"));
        let reply = play(&bench, "user123", "123456").await;
        let exit = if refusal == Refusal::Expired { "expired" } else { "failure" };
        assert_eq!(exit_and_code(&reply), (exit, Some(refusal.code()), false));
        assert_eq!(bench.verifier().compared(), 0);
    }
}

#[tokio::test]
async fn parameters_of_another_shape_are_refused_before_anything_is_counted() {
    let bench = Bench::default();
    for params in [json!({}), json!({ "external_user_id": 7, "temp_code": "1" }), json!({ "external_user_id": "a" })] {
        assert!(bench.enter(&TempCodeAuthentication, params).await.is_err());
    }
    assert_eq!(bench.ledger().counted(), 0);
}

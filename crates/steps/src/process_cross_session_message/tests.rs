#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use serde_json::json;
use wayfarer_step::lang::value::Object;
use wayfarer_step::testing::Bench;
use wayfarer_step::{AnyStep, Value};

use super::ProcessCrossSessionMessage;
use crate::cross_session::tests::{DESK, PHONE, at, created, done, failed, process, subject};

#[tokio::test]
async fn it_gives_what_the_creator_wrote_once_and_nudges_whoever_waits() {
    let bench = Bench::default().run(DESK).proven(subject("bob"));
    let id = created(&bench, json!({ "data": { "n": 1 }, "expires_in": 60 })).await;
    let bench = bench.run(PHONE).at(at(59));
    let (exit, output) = done(&process(&bench, json!({ "id": id })).await);
    assert_eq!(exit, "next");
    let expected = json!({
        "data": { "n": 1 },
        "attachment": null,
        "created_at": at(0).to_string(),
        "expires_at": at(60).to_string(),
        "created_by": "bob",
    });
    assert_eq!(output, expected);
    let said = bench.said();
    assert_eq!((said.len(), &said[0].data), (1, &Value::Null));
    assert!(said[0].key.starts_with("step-"));

    assert_eq!(done(&process(&bench, json!({ "id": id })).await), failed("used_message"));
    assert!(bench.said().is_empty(), "a refusal says nothing");
}

#[tokio::test]
async fn law_04_of_two_that_race_one_wins() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({})).await;
    let params = Value::from(json!({ "id": id }));
    let step: &dyn AnyStep = &ProcessCrossSessionMessage;
    // Both have read it before either commits.
    let (mut one, mut two) = (bench.context(), bench.context());
    assert_eq!(done(&step.enter(&mut one, &params).await.unwrap()).0, "next");
    assert_eq!(done(&step.enter(&mut two, &params).await.unwrap()).0, "next");
    let commits = [one, two].map(|context| bench.records().commit(&context.finish().writes));
    assert_eq!(commits, [true, false]);
}

#[tokio::test]
async fn expired_is_expired_and_a_reply_takes_no_secret() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({ "expires_in": 60 })).await;
    let reply = Value::from([("code".into(), Value::from("1").into_secret())].into_iter().collect::<Object>());
    let params = [("id".into(), Value::from(&*id)), ("reply".into(), reply)].into_iter().collect::<Object>();
    let step: &dyn AnyStep = &ProcessCrossSessionMessage;
    assert!(step.enter(&mut bench.context(), &Value::from(params)).await.is_err());
    let bench = bench.at(at(60));
    assert_eq!(done(&process(&bench, json!({ "id": id })).await), failed("expired_message"));
}

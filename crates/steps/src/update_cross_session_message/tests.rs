#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use serde_json::{Value as Json, json};
use wayfarer_step::testing::Bench;

use super::UpdateCrossSessionMessage;
use crate::cross_session::tests::{DESK, PHONE, at, created, done, failed, process};

async fn update(bench: &Bench, params: Json) -> (String, Json) {
    done(&bench.enter(&UpdateCrossSessionMessage, params).await.unwrap())
}

#[tokio::test]
async fn a_look_shows_what_it_holds_and_leaves_it_open() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({ "data": { "n": 1 } })).await;
    let bench = bench.run(PHONE);
    for _ in 0..2 {
        assert_eq!(update(&bench, json!({ "id": id })).await.1["data"], json!({ "n": 1 }));
    }
    assert_eq!(done(&process(&bench, json!({ "id": id })).await).0, "next");
    assert_eq!(update(&bench, json!({ "id": id })).await, failed("used_message"));
    assert_eq!(update(&bench, json!({ "id": "none" })).await, failed("unknown_message"));
}

#[tokio::test]
async fn what_is_attached_is_there_for_whoever_processes_it() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({})).await;
    for attachment in [json!({ "a": 1 }), json!("b")] {
        let (_, held) = update(&bench, json!({ "id": id, "attachment": attachment })).await;
        assert_eq!(held["attachment"], attachment);
    }
    assert_eq!(done(&process(&bench, json!({ "id": id })).await).1["attachment"], json!("b"));
}

#[tokio::test]
async fn it_may_live_longer_or_shorter_but_three_days_in_all_at_most() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({ "expires_in": 100 })).await;
    let bench = bench.at(at(50));
    for (given, seconds) in [(100, 150), (10, 60), (259_200, 259_200)] {
        let (_, held) = update(&bench, json!({ "id": id, "expires_in": given })).await;
        assert_eq!(held["expires_at"], json!(at(seconds).to_string()));
    }
    let bench = bench.at(at(259_200));
    assert_eq!(update(&bench, json!({ "id": id, "expires_in": 60 })).await, failed("unknown_message"));
    let fresh = Bench::default();
    let id = created(&fresh, json!({})).await;
    assert!(fresh.enter(&UpdateCrossSessionMessage, json!({ "id": id, "expires_in": 0 })).await.is_err());
}

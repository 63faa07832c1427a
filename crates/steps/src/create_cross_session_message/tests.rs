#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;
use wayfarer_step::testing::Bench;
use wayfarer_step::{AnyStep, Value};

use super::{CHARACTERS, CreateCrossSessionMessage, UNAMBIGUOUS};
use crate::UpdateCrossSessionMessage;
use crate::cross_session::tests::{at, created, done, failed, subject};

#[tokio::test]
async fn r46_ids_come_from_the_entropy_port_and_are_written_as_it_was_asked() {
    let bench = Bench::default();
    let mut ids = BTreeSet::new();
    for form in [json!(null), json!("uuid"), json!("alphanumeric"), json!("alphanumeric")] {
        let id = created(&bench, json!({ "identifier": form })).await;
        if form == json!("alphanumeric") {
            assert!(id.len() == CHARACTERS && id.bytes().all(|byte| UNAMBIGUOUS.contains(&byte)), "{id}");
        } else {
            assert_eq!(Uuid::parse_str(&id).unwrap().get_version_num(), 4, "{id}");
        }
        ids.insert(id);
    }
    assert_eq!(ids.len(), 4);
    assert!(!"ILOU".bytes().any(|byte| UNAMBIGUOUS.contains(&byte)));
    let without = Bench::default().services(wayfarer_step::Services::default());
    assert!(without.enter(&CreateCrossSessionMessage, json!({})).await.is_err());
}

#[tokio::test]
async fn it_lives_as_long_as_it_is_told_and_three_days_at_most() {
    for (given, seconds) in [(json!(1), 1), (json!(600), 600), (json!(259_200), 259_200), (json!(null), 259_200)] {
        let bench = Bench::default();
        let params = json!({ "expires_in": given });
        let (_, output) = done(&bench.enter(&CreateCrossSessionMessage, params).await.unwrap());
        assert_eq!(output["expires_at"], json!(at(seconds).to_string()));
        let look = json!({ "id": output["id"] });
        let bench = bench.at(at(seconds - 1));
        assert_eq!(done(&bench.enter(&UpdateCrossSessionMessage, look.clone()).await.unwrap()).0, "next");
        let bench = bench.at(at(seconds));
        let reply = bench.enter(&UpdateCrossSessionMessage, look.clone()).await.unwrap();
        // After three days there is nothing left to remember it by.
        let code = if seconds == 259_200 { "unknown_message" } else { "expired_message" };
        assert_eq!(done(&reply), failed(code));
        let bench = bench.at(at(seconds + 3600));
        assert_eq!(done(&bench.enter(&UpdateCrossSessionMessage, look).await.unwrap()), failed("unknown_message"));
    }
    for wrong in [json!(0), json!(259_201), json!(-1), json!(1.5), json!("60")] {
        let params = json!({ "expires_in": wrong });
        assert!(Bench::default().enter(&CreateCrossSessionMessage, params).await.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn it_says_who_created_it_only_if_that_is_proven() {
    for (bench, by) in [
        (Bench::default(), json!(null)),
        (Bench::default().subject(subject("ann")), json!(null)),
        (Bench::default().proven(subject("ann")), json!("ann")),
    ] {
        let id = created(&bench, json!({ "data": { "a": [1] } })).await;
        let (_, held) = done(&bench.enter(&UpdateCrossSessionMessage, json!({ "id": id })).await.unwrap());
        assert_eq!((&held["created_by"], &held["data"]), (&by, &json!({ "a": [1] })));
    }
}

#[tokio::test]
async fn r99_it_takes_no_secret_and_not_too_much() {
    let secret = Value::from("123456").into_secret();
    let data = Value::from([("code".into(), secret)].into_iter().collect::<wayfarer_step::lang::value::Object>());
    let params = Value::from([("data".into(), data)].into_iter().collect::<wayfarer_step::lang::value::Object>());
    let step: &dyn AnyStep = &CreateCrossSessionMessage;
    assert!(step.enter(&mut Bench::default().context(), &params).await.is_err());

    let much = json!({ "data": { "a": "a".repeat(65_536) } });
    assert!(Bench::default().enter(&CreateCrossSessionMessage, much).await.is_err());
}

//! What the tests of the four steps need: a bench for each side, and short words for what a step answered.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use serde_json::{Value as Json, json};
use uuid::Uuid;
use wayfarer_step::jiff::{SignedDuration, Timestamp};
use wayfarer_step::testing::Bench;
use wayfarer_step::{AnyReply, Subject};

use crate::{CreateCrossSessionMessage, ProcessCrossSessionMessage};

/// The runs of the two sides, and of somebody else.
pub(crate) const DESK: Uuid = Uuid::from_u128(1);
pub(crate) const PHONE: Uuid = Uuid::from_u128(2);
pub(crate) const OTHER: Uuid = Uuid::from_u128(3);

/// So many seconds after the beginning.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_secs(seconds)).unwrap()
}

pub(crate) fn subject(id: &str) -> Subject {
    Subject { user_id: id.into(), external_user_id: None }
}

/// A message that the desk has created.
pub(crate) async fn created(bench: &Bench, params: Json) -> String {
    let (exit, output) = done(&bench.enter(&CreateCrossSessionMessage, params).await.unwrap());
    assert_eq!(exit, "next");
    output.get("id").and_then(Json::as_str).unwrap().to_owned()
}

/// What processing it comes to.
pub(crate) async fn process(bench: &Bench, params: Json) -> AnyReply {
    bench.enter(&ProcessCrossSessionMessage, params).await.unwrap()
}

/// The exit and the output, or the code of the failure.
pub(crate) fn done(reply: &AnyReply) -> (String, Json) {
    let AnyReply::Done { exit, output, failure, .. } = reply else { panic!("it waits: {reply:?}") };
    let code = failure.as_ref().map(|failure| json!(failure.code));
    let output = output.as_ref().map(|output| output.to_json().unwrap());
    (exit.clone().into_owned(), code.or(output).unwrap_or_default())
}

/// How a step fails.
pub(crate) fn failed(code: &str) -> (String, Json) {
    ("failure".to_owned(), json!(code))
}

#[tokio::test]
async fn what_can_be_no_id_is_not_even_looked_up_and_an_id_may_be_typed_in_small_letters() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({ "identifier": "alphanumeric" })).await;
    let bench = bench.run(PHONE);
    for text in
        ["", " ", "a/b", "\u{e4}", "a\0", &"a".repeat(65), &format!("{id}0"), "00000000-0000-0000-0000-000000000000"]
    {
        assert_eq!(done(&process(&bench, json!({ "id": text })).await), failed("unknown_message"), "{text:?}");
    }
    let typed = format!(" {} ", id.to_ascii_lowercase());
    assert_eq!(done(&process(&bench, json!({ "id": typed })).await).0, "next");
}

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use serde_json::{Value as Json, json};
use wayfarer_step::testing::Bench;
use wayfarer_step::{AnyReply, Event, Prompt, Value, Wait};

use super::WaitForCrossSessionMessage;
use crate::UpdateCrossSessionMessage;
use crate::cross_session::tests::{DESK, OTHER, PHONE, at, created, done, failed, process, subject};

async fn enter(bench: &Bench, params: Json) -> AnyReply {
    bench.enter(&WaitForCrossSessionMessage, params).await.unwrap()
}

fn waits(reply: AnyReply) -> (Prompt, Wait<Value>) {
    let AnyReply::Wait(mut wait) = reply else { panic!("it goes on: {reply:?}") };
    (wait.prompt.take().unwrap(), wait)
}

async fn resume(bench: &Bench, params: Json, state: &Value, event: Event) -> AnyReply {
    bench.resume(&WaitForCrossSessionMessage, params, state, event).await.unwrap()
}

fn nudge(wait: &Wait<Value>) -> Event {
    Event::Signal { key: wait.signals[0].clone(), data: Value::Null }
}

#[tokio::test]
async fn the_client_is_shown_what_the_other_device_needs_and_may_give_up_only_if_that_leads_somewhere() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({})).await;
    let (prompt, wait) = waits(enter(&bench, json!({ "id": id, "title": "Go on at your phone" })).await);
    assert_eq!((&*prompt.kind, prompt.choices.len()), ("wait_for_another_device", 0));
    assert_eq!(prompt.data.0.to_json().unwrap(), json!({ "title": "Go on at your phone", "content": id }));
    assert_eq!(wait.until, Some(at(300)));

    // What the author shows instead may be meant for other eyes than the client's.
    let bench = bench.leading(&["next", "cancel"]);
    let params = json!({ "id": id, "content": "Look at your mail." });
    let (prompt, wait) = waits(enter(&bench, params.clone()).await);
    assert!(!prompt.data.0.to_json().unwrap().to_string().contains(&id));
    assert_eq!(prompt.choices.iter().map(|choice| &*choice.id).collect::<Vec<_>>(), ["cancel"]);
    let event = Event::Submit { option: "cancel".into(), data: Value::Null };
    assert_eq!(done(&resume(&bench, params, &wait.state, event).await).0, "cancel");
}

#[tokio::test]
async fn it_goes_on_with_the_reply_when_it_is_nudged_and_nobody_gets_it_twice() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({ "data": { "browser": "Firefox" } })).await;
    let params = json!({ "id": id });
    let (_, wait) = waits(enter(&bench, params.clone()).await);

    // A nudge without a reason changes nothing.
    let (_, wait) = waits(resume(&bench, params.clone(), &wait.state, nudge(&wait)).await);
    assert_eq!(wait.until, Some(at(300)));

    let bench = bench.run(PHONE).proven(subject("ann")).at(at(20));
    let held = done(&process(&bench, json!({ "id": id, "reply": { "yes": true } })).await);
    assert_eq!((&*held.0, &held.1["data"]), ("next", &json!({ "browser": "Firefox" })));
    assert_eq!(bench.said()[0].key, wait.signals[0]);

    let bench = bench.run(DESK).at(at(21));
    let answered = done(&resume(&bench, params.clone(), &wait.state, nudge(&wait)).await);
    let at = at(20).to_string();
    assert_eq!(answered.1, json!({ "reply": { "yes": true }, "processed_at": at, "processed_by": "ann" }));
    assert_eq!(done(&enter(&bench, params.clone()).await), failed("used_message"));
    assert_eq!(done(&enter(&bench.run(OTHER), params).await), failed("used_message"));
}

#[tokio::test]
async fn what_was_processed_before_is_taken_at_once_and_is_gone_if_that_was_wanted() {
    for (delete, code) in [(false, "used_message"), (true, "unknown_message")] {
        let bench = Bench::default().run(DESK);
        let id = created(&bench, json!({})).await;
        let bench = bench.run(PHONE).subject(subject("ann"));
        process(&bench, json!({ "id": id, "delete_after_use": delete })).await;
        let bench = bench.run(DESK);
        let answered = done(&enter(&bench, json!({ "id": id })).await);
        // Who was only named is not said to have done it.
        assert_eq!((&answered.1["reply"], &answered.1["processed_by"]), (&json!({}), &json!(null)));
        assert_eq!(done(&enter(&bench, json!({ "id": id })).await), failed(code));
        assert_eq!(done(&process(&bench, json!({ "id": id })).await), failed(code));
    }
}

#[tokio::test]
async fn a_message_belongs_to_the_first_run_that_waits() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({})).await;
    let params = json!({ "id": id, "wait_timeout": 60 });
    let (_, wait) = waits(enter(&bench, params.clone()).await);
    let bench = bench.run(OTHER);
    assert_eq!(done(&enter(&bench, params.clone()).await), failed("message_waited_for"));

    let bench = bench.run(DESK).at(at(60));
    let late = done(&resume(&bench, params.clone(), &wait.state, Event::Timeout).await);
    assert_eq!(late, ("timeout".to_owned(), json!("timeout")));
    let bench = bench.run(OTHER);
    assert_eq!(done(&enter(&bench, params.clone()).await), failed("message_waited_for"), "nor afterwards");
    // The same run may go on waiting.
    let (_, wait) = waits(enter(&bench.run(DESK), params).await);
    assert_eq!(wait.until, Some(at(120)));
}

#[tokio::test]
async fn time_ends_the_wait_but_not_before_a_reply_that_is_there() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({ "expires_in": 100 })).await;
    let params = json!({ "id": id });
    let (_, wait) = waits(enter(&bench, params.clone()).await);
    assert_eq!(wait.until, Some(at(100)), "the message does not live as long as the wait");

    // It lives longer now, and so does the wait.
    let bench = bench.run(PHONE).at(at(99));
    bench.enter(&UpdateCrossSessionMessage, json!({ "id": id, "expires_in": 101 })).await.unwrap();
    let bench = bench.run(DESK).at(at(100));
    let (_, wait) = waits(resume(&bench, params.clone(), &wait.state, Event::Timeout).await);
    assert_eq!(wait.until, Some(at(200)));

    let bench = bench.run(PHONE).at(at(199));
    assert_eq!(done(&process(&bench, json!({ "id": id })).await).0, "next");
    let bench = bench.run(DESK).at(at(201));
    assert_eq!(done(&resume(&bench, params, &wait.state, Event::Timeout).await).0, "next");
}

#[tokio::test]
async fn unknown_and_expired_cannot_be_waited_for_and_what_expires_meanwhile_times_out() {
    let bench = Bench::default().run(DESK);
    let id = created(&bench, json!({ "expires_in": 10 })).await;
    let params = json!({ "id": id });
    assert_eq!(done(&enter(&bench, json!({ "id": "none" })).await), failed("unknown_message"));
    let (_, wait) = waits(enter(&bench, params.clone()).await);
    let bench = bench.at(at(10));
    assert_eq!(done(&resume(&bench, params.clone(), &wait.state, Event::Timeout).await).0, "timeout");
    assert_eq!(done(&enter(&bench, params.clone()).await), failed("expired_message"));
    // Long after, when even the memory of it is gone.
    let bench = bench.at(at(4000));
    assert_eq!(done(&resume(&bench, params.clone(), &wait.state, nudge(&wait)).await).0, "timeout");
    assert_eq!(done(&enter(&bench, params).await), failed("unknown_message"));
}

//! Handles and the run's name: both are needed, each accepted answer makes a new handle, and an old one is worth nothing (R46 to
//! R50, R55).

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};

use crate::rig::{Page, World, prompt};

pub(crate) const THREE: &str = r#"
journey: three
steps:
  one: { type: collect_information, with: { fields: { a: string } }, output: one, branches: { submit: two } }
  two: { type: collect_information, with: { fields: { b: string } }, output: two, branches: { submit: three } }
  three: { type: display_information, with: { title: t, text: x, button_text: b }, branches: { next: done } }
  done: { type: complete_journey, with: { data: { a: "@one.a", b: "@two.b" } } }
"#;

async fn world() -> World {
    World::with(prompt(), &[THREE]).await
}

#[track_caller]
fn is_rejected(answer: &Json) {
    assert_eq!((&answer["error_code"], &answer["data"]["state"]), (&json!(4001), &json!("rejected")), "{answer}");
}

#[tokio::test]
async fn r47_old_handles_are_refused_at_each_later_point_and_change_nothing() {
    let world = world().await;
    let mut page = Page::new(&world);
    page.start("three", json!({})).await;
    let mut old: Vec<Json> = Vec::new();
    for input in [json!({ "a": "1" }), json!({ "b": "2" }), Json::Null] {
        for handle in &old {
            let assertion = json!({ "assertion_id": handle, "action": "form", "assert": "action", "input": { "a": "x", "b": "x" } });
            let refused = page.post("assert", &assertion).await;
            assert_ne!(refused.status, 200, "{refused:?}");
            assert_eq!(refused.json()["data"]["state"], "rejected");
        }
        let handle = page.element()["assertion_id"].clone();
        assert!(!old.contains(&handle), "each wait has its own");
        old.push(handle);
        assert_eq!(page.input(input).await.status, 200);
    }
    assert_eq!(page.last["data"]["data"], json!({ "a": "1", "b": "2" }), "{}", page.last);
    world.advance(61);
    for handle in &old {
        let assertion = json!({ "assertion_id": handle, "action": "form", "assert": "action", "input": { "a": "1" } });
        is_rejected(&page.post("assert", &assertion).await.json());
    }
}

#[tokio::test]
async fn r48_the_same_answer_sent_again_gets_the_same_and_another_conflicts() {
    let world = world().await;
    let mut page = Page::new(&world);
    page.start("three", json!({})).await;
    let mut sent = page.assertion("action");
    sent["input"] = json!({ "a": "1" });
    let first = page.post("assert", &sent).await;
    // It is the data that counts: what else the SDK says may differ.
    let mut again = sent.clone();
    (again["fch"], again["action"]) = (json!("x"), json!("other"));
    assert_eq!(page.post("assert", &again).await.timeless(), first.timeless());
    sent["input"] = json!({ "a": "2" });
    let conflict = page.post("assert", &sent).await;
    assert_eq!((conflict.status, &conflict.json()["error_code"]), (409, &json!(4009)));
}

#[tokio::test]
async fn r49_of_two_answers_at_the_same_moment_one_wins() {
    let world = world().await;
    let mut page = Page::new(&world);
    page.start("three", json!({})).await;
    let (mut one, mut two) = (page.assertion("action"), page.assertion("action"));
    (one["input"], two["input"]) = (json!({ "a": "1" }), json!({ "a": "2" }));
    let (one, two) = tokio::join!(page.post("assert", &one), page.post("assert", &two));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn the_name_of_the_run_is_needed_and_opens_nothing_by_itself() {
    let world = world().await;
    let (mut page, mut other) = (Page::new(&world), Page::new(&world));
    page.start("three", json!({})).await;
    other.start("three", json!({})).await;
    let mut sent = page.assertion("action");
    sent["input"] = json!({ "a": "1" });
    let sid = page.sid.clone().unwrap();
    assert!(sid.len() >= 22, "128 bits: {sid}");
    for wrong in [None, other.sid.clone(), Some(String::new()), Some("x".to_owned()), Some(format!("{sid}A"))] {
        page.sid.clone_from(&wrong);
        is_rejected(&page.post("assert", &sent).await.json());
    }
    page.sid = Some(sid.clone());
    for handle in [json!(sid), json!(""), other.element()["assertion_id"].clone()] {
        let mut sent = sent.clone();
        sent["assertion_id"] = handle;
        is_rejected(&page.post("assert", &sent).await.json());
    }
    assert_eq!(page.post("assert", &sent).await.status, 200, "nothing of that did any harm");
}

#[tokio::test]
async fn a_run_is_its_clients() {
    let world = world().await;
    let new = NewClient { client_id: Some("app".to_owned()), ..NewClient::confidential("default") };
    world.client(&new.scopes([ClientScope::JourneysRun])).await;
    let mut page = Page::new(&world);
    page.start("three", json!({})).await;
    let mut sent = page.assertion("action");
    sent["input"] = json!({ "a": "1" });
    (page.client, page.origin) = ("app".to_owned(), None);
    is_rejected(&page.post("assert", &sent).await.json());
}

#[tokio::test]
async fn r50_what_does_not_fit_never_goes_on() {
    let world = world().await;
    let mut page = Page::new(&world);
    page.start("three", json!({})).await;
    let handle = page.element()["assertion_id"].clone();
    let inputs = [
        json!({}),
        Json::Null,
        json!({ "a": 1 }),
        json!({ "a": "" }),
        json!([]),
        json!("x"),
        json!({ "a": "1", "b": "2" }),
    ];
    for input in inputs {
        let reply = page.input(input.clone()).await;
        assert_eq!((reply.status, &page.element()["form_id"]), (200, &json!("one")), "{input}");
        assert_eq!(
            (&page.last["data"]["assertion_error_code"], &page.element()["assertion_id"]),
            (&json!(28), &handle)
        );
    }
    for option in ["submit2", "cancel2", "failure", ""] {
        page.escape(option).await;
        assert_eq!(page.element()["form_id"], "one", "{option}");
    }
    let mut resend = page.assertion("resend");
    page.assert(&resend).await;
    assert_eq!(page.element()["form_id"], "one");
    for odd in ["", "success", "Action"] {
        resend["assert"] = json!(odd);
        assert_eq!(page.post("assert", &resend).await.json()["error_code"], 4000, "{odd}");
    }
    assert_eq!(page.input(json!({ "a": "1" })).await.json()["data"]["control_flow"][0]["form_id"], "two");
}

#[tokio::test]
async fn r53_of_two_browsers_on_one_handle_the_second_learns_nothing_and_cannot_go_on() {
    let world = world().await;
    let mut first = Page::new(&world);
    first.start("three", json!({})).await;
    let mut second = Page { sid: first.sid.clone(), last: first.last.clone(), ..Page::new(&world) };
    assert_eq!(first.input(json!({ "a": "mine" })).await.status, 200);
    let handle = first.element()["assertion_id"].as_str().unwrap().to_owned();
    let beaten = second.input(json!({ "a": "theirs" })).await;
    assert_eq!((beaten.status, &beaten.json()["error_code"]), (409, &json!(4009)));
    assert!(!beaten.body.contains(&handle) && !beaten.body.contains("control_flow"), "{beaten:?}");
    second.last = json!({ "data": { "control_flow": [{ "assertion_id": first.sid, "type": "form" }] } });
    is_rejected(&second.input(json!({ "b": "theirs" })).await.json());
    first.input(json!({ "b": "2" })).await;
    first.input(Json::Null).await;
    assert_eq!(first.last["data"]["data"], json!({ "a": "mine", "b": "2" }), "{}", first.last);
}

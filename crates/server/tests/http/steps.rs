//! Each client step as the SDK reads it: its type, its data, its further ways on, and what was wrong.

use serde_json::{Value as Json, json};

use crate::rig::{Page, World, prompt, wrong};

const PROVIDE: &str = r#"
journey: provide
steps:
  hand: { type: provide_json_data, with: { data: { theme: dark } }, next: ask }
  ask: { type: display_information, with: { title: Hello, text: World, button_text: On }, branches: { next: again } }
  again: { type: provide_json_data, with: { data: { theme: light } }, next: done }
  done: { type: complete_journey, with: { data: { said: bye } } }
"#;

const OPTIONS: &str = r#"
journey: options
steps:
  ask:
    type: collect_information
    with:
      app_data: { theme: dark }
      fields: { plan: { type: select, options: { a: Small, b: Large } }, note: { type: string, required: false } }
      options: { later: Not now }
    output: answers
    branches: { submit: done, later: no, cancel: no }
  done: { type: complete_journey, with: { data: { plan: "@answers.plan" } } }
  no: { type: reject_access }
"#;

#[tokio::test]
async fn a_form_has_its_id_its_fields_and_its_ways_on() {
    let world = World::with(prompt(), &[OPTIONS]).await;
    let mut page = Page::new(&world);
    page.start("options", json!({})).await;
    assert_eq!(
        (&page.last["data"]["state"], &page.last["data"]["assertions_complete"]),
        (&json!("pending"), &json!(false))
    );
    assert!(page.last["data"].get("assertion_error_code").is_none());
    let mut element = page.element().clone();
    assert!(element.as_object_mut().unwrap().remove("assertion_id").is_some_and(|id| id.as_str().unwrap().len() == 64));
    let expected = json!({
        "type": "form",
        "form_id": "ask",
        "app_data": { "theme": "dark" },
        "form_schema": {
            "type": "object",
            "properties": {
                "plan": { "type": "select", "required": true, "options": [{ "id": "a", "label": "Small" }, { "id": "b", "label": "Large" }] },
                "note": { "type": "string", "required": false },
            },
            "required": ["plan"],
        },
        "escapes": [{ "id": "later", "display_name": "Not now" }, { "id": "cancel", "display_name": "Cancel" }],
    });
    assert_eq!(element, expected);
    for way in ["later", "cancel"] {
        let mut page = Page::new(&world);
        page.start("options", json!({})).await;
        assert_eq!(page.escape(way).await.status, 400);
        assert_eq!(page.last["data"]["state"], "rejected");
    }
    page.input(json!({ "plan": "b" })).await;
    assert_eq!(page.last["data"]["data"], json!({ "plan": "b" }));
}

#[tokio::test]
async fn an_answer_that_does_not_fit_brings_the_whole_form_again_with_what_was_wrong() {
    let world = World::with(prompt(), &[OPTIONS]).await;
    let mut page = Page::new(&world);
    page.start("options", json!({})).await;
    let before = page.element().clone();
    page.input(json!({ "plan": "s3cr3t", "note": 7 })).await;
    let mut again = page.element().clone();
    let error = again.as_object_mut().unwrap().remove("error_data").unwrap();
    assert_eq!(again, before);
    assert_eq!(page.last["data"]["assertion_error_code"], 28);
    let fields: Vec<_> = error["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
    assert_eq!(fields, [json!("plan"), json!("note")], "{error}");
    assert!(!page.last.to_string().contains("s3cr3t"), "{}", page.last);
}

#[tokio::test]
async fn what_the_author_says_was_wrong_comes_with_the_next_form() {
    let world = World::new().await;
    world.user("user123").await;
    let code = world.code("user123").await;
    let mut page = Page::new(&world);
    page.start("recovery_by_form", json!({})).await;
    assert_eq!((&page.element()["form_id"], &page.element()["title"]), (&json!("ask"), &json!("Recover your account")));
    page.input(json!({ "identifier": "user123", "temp_code": wrong(&code) })).await;
    assert_eq!(page.element()["form_id"], "ask_again");
    let data = &page.last["data"];
    assert_eq!(
        (&data["assertion_error_code"], &data["assertion_error_message"]),
        (&json!(28), &json!("This code was not accepted."))
    );
    assert_eq!(page.element()["error_data"]["code"], "not_accepted");
    page.input(json!({ "identifier": "user123", "temp_code": code })).await;
    assert_eq!(page.last["data"]["state"], "completed", "{}", page.last);
    assert_eq!(page.last["headers"], json!([]), "the run is named once");
}

#[tokio::test]
async fn an_information_is_shown_and_data_is_handed_out_on_the_way() {
    let world = World::with(prompt(), &[PROVIDE]).await;
    let mut page = Page::new(&world);
    page.start("provide", json!({})).await;
    let mut element = page.element().clone();
    element.as_object_mut().unwrap().remove("assertion_id");
    let expected =
        json!({ "type": "information", "title": "Hello", "text": "World", "button_text": "On", "escapes": [] });
    assert_eq!(element, expected);
    assert_eq!(page.last["data"]["data"], json!({ "json_data": { "theme": "dark" } }));
    page.input(Json::Null).await;
    let expected = json!({ "said": "bye", "json_data": { "theme": "light" } });
    assert_eq!(page.last["data"]["data"], expected);
}

#[tokio::test]
async fn an_answer_may_come_under_data_as_some_steps_of_the_sdk_send_it() {
    let world = World::with(prompt(), &[OPTIONS]).await;
    let mut page = Page::new(&world);
    page.start("options", json!({})).await;
    let mut sent = page.assertion("data");
    sent["data"] = json!({ "plan": "a" });
    page.assert(&sent).await;
    assert_eq!(page.last["data"]["data"], json!({ "plan": "a" }));
}

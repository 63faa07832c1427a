#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use serde_json::{Value as Json, json};
use wayfarer_step::testing::Bench;
use wayfarer_step::{AnyReply, ChoiceKind, Event, Prompt, Value, Wait};

use super::CollectInformation;

async fn asked(params: Json) -> Prompt {
    match Bench::default().enter(&CollectInformation, params).await.unwrap() {
        AnyReply::Wait(Wait { prompt: Some(prompt), .. }) => prompt,
        reply => panic!("it asks the client: {reply:?}"),
    }
}

fn login() -> Json {
    json!({
        "title": "Sign in",
        "fields": {
            "email": { "type": "email", "label": "Mail" },
            "password": { "type": "password" },
            "floor": { "type": "select", "options": { "g": "Ground", "f": "First" }, "default": "g" },
            "note": { "type": "string", "required": false },
        },
        "options": { "forgot": "I forgot it" },
        "app_data": [1],
        "error": { "code": "again", "message": "Try again", "field": "password" },
    })
}

#[tokio::test]
async fn the_client_sees_the_form_and_what_it_may_answer() {
    let prompt = asked(login()).await;
    let shown = prompt.data.0.to_json().unwrap();
    assert_eq!(prompt.kind, "form");
    assert_eq!(shown["fields"]["email"], json!({ "type": "email", "label": "Mail", "required": true }));
    assert_eq!(shown["fields"]["floor"]["options"][1], json!({ "id": "f", "label": "First" }));
    assert_eq!(shown["fields"]["floor"]["default"], json!("g"));
    assert_eq!((&shown["app_data"], &shown["error"]["field"]), (&json!([1]), &json!("password")));
    assert!(shown.get("text").is_none());
    let choices: Vec<_> = prompt.choices.iter().map(|choice| (&*choice.id, choice.kind)).collect();
    let kinds = [ChoiceKind::Submit, ChoiceKind::Custom, ChoiceKind::Cancel];
    assert_eq!(choices, ["submit", "forgot", "cancel"].into_iter().zip(kinds).collect::<Vec<_>>());

    let schema = prompt.choices[0].answer.as_ref().unwrap().to_json_schema();
    assert_eq!(schema["required"], json!(["email", "password"]));
    assert_eq!(schema["properties"]["password"], json!({ "type": "string", "minLength": 1, "writeOnly": true }));
    assert_eq!(schema["properties"]["floor"]["enum"], json!(["g", "f"]));
}

#[tokio::test]
async fn every_field_that_does_not_fit_is_named_and_secrets_stay_secret_r99() {
    let prompt = asked(login()).await;
    let ty = prompt.choices[0].answer.clone().unwrap();
    let wrong = json!({ "email": "nobody", "password": "", "floor": "attic", "more": 1 });
    let mistakes = ty.accept_all(&Value::from(wrong)).unwrap_err();
    let paths: Vec<_> = mistakes.iter().map(|mistake| &*mistake.path).collect();
    assert_eq!(paths, ["more", "email", "password", "floor"]);

    let answers = ty.accept_all(&Value::from(json!({ "email": " a@b.example ", "password": "hunter2" }))).unwrap();
    assert_eq!(answers.get("email").unwrap().as_text(), Some("a@b.example"));
    assert_eq!(answers.get("floor").unwrap().as_text(), Some("g"));
    let event = Event::Submit { option: "submit".into(), data: answers };
    let reply = Bench::default().enter_and_resume(&CollectInformation, login(), event).await.unwrap();
    let AnyReply::Done { exit, output: Some(output), .. } = reply else { panic!("{reply:?}") };
    assert_eq!(exit, "submit");
    assert!(output.get("password").unwrap().holds_secret() && !format!("{output:?}").contains("hunter2"));
}

#[tokio::test]
async fn options_and_cancel_are_exits_and_nothing_but_the_client_takes_one() {
    for option in ["forgot", "cancel"] {
        let event = Event::Submit { option: option.into(), data: Value::Null };
        let reply = Bench::default().enter_and_resume(&CollectInformation, login(), event).await.unwrap();
        assert!(matches!(reply, AnyReply::Done { exit, output: None, .. } if exit == option));
    }
    assert!(Bench::default().enter_and_resume(&CollectInformation, login(), Event::Timeout).await.is_err());
}

#[tokio::test]
async fn what_cannot_be_asked_for_fails_the_step() {
    for field in [
        json!("strng"),
        json!({ "type": "select" }),
        json!({ "type": "string", "options": ["a"] }),
        json!({ "type": "select", "options": ["a", "a"] }),
        json!({ "type": "password", "default": "known" }),
        json!({ "type": "integer", "minimum": 3, "maximum": 2 }),
        json!({ "label": "no type" }),
        json!({ "type": "string", "lable": "misspelt" }),
    ] {
        let params = json!({ "fields": { "a": field } });
        assert!(Bench::default().enter(&CollectInformation, params.clone()).await.is_err(), "{params}");
    }
}

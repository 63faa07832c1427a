#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use serde_json::json;
use wayfarer_step::lang::value::Object;
use wayfarer_step::testing::Bench;
use wayfarer_step::{AnyReply, Event, Value, Wait};

use super::DisplayInformation;

fn params() -> serde_json::Value {
    json!({ "title": "Welcome", "text": "You are back in.", "button_text": "Go on" })
}

#[tokio::test]
async fn it_asks_the_client_and_offers_one_button() {
    let reply = Bench::default().enter(&DisplayInformation, params()).await.unwrap();
    let AnyReply::Wait(Wait { prompt: Some(prompt), .. }) = reply else { panic!("it waits for the client") };
    assert_eq!(prompt.kind, "information");
    assert_eq!(prompt.data.0.to_json().unwrap(), params());
    assert_eq!(
        prompt.choices.iter().map(|choice| (&*choice.id, &*choice.label)).collect::<Vec<_>>(),
        [("submit", "Go on")]
    );
}

#[tokio::test]
async fn it_goes_on_when_the_button_is_pressed_and_not_otherwise() {
    let pressed = Event::Submit { option: "submit".into(), data: Value::Null };
    let reply = Bench::default().enter_and_resume(&DisplayInformation, params(), pressed).await.unwrap();
    assert!(matches!(reply, AnyReply::Done { exit, .. } if exit == "next"));
    assert!(Bench::default().enter_and_resume(&DisplayInformation, params(), Event::Timeout).await.is_err());
}

#[tokio::test]
async fn a_secret_is_never_displayed_r99() {
    let secret = Value::from("123456").into_secret();
    let fields = [("title", Value::from("t")), ("text", secret), ("button_text", Value::from("b"))];
    let params = Value::from(fields.into_iter().map(|(key, value)| (key.into(), value)).collect::<Object>());
    let step: &dyn wayfarer_step::AnyStep = &DisplayInformation;
    assert!(step.enter(&mut Bench::default().context(), &params).await.is_err());
}

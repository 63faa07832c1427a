#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;
use wayfarer_step::lang::value::Object;
use wayfarer_step::testing::Bench;
use wayfarer_step::{AnyReply, AnyStep, Value};

use super::ProvideJsonData;

async fn play(data: Value) -> Option<(AnyReply, Option<Value>)> {
    let params = Value::from([("data".into(), data)].into_iter().collect::<Object>());
    let mut context = Bench::default().context();
    let step: &dyn AnyStep = &ProvideJsonData;
    let reply = step.enter(&mut context, &params).await.ok()?;
    Some((reply, context.finish().provided))
}

#[tokio::test]
async fn any_data_is_handed_on_as_it_is_and_nothing_waits() {
    for data in [json!({ "a": [1, 2.5, null] }), json!("text"), json!(null), json!([])] {
        let (reply, provided) = play(Value::from(data.clone())).await.unwrap();
        assert!(matches!(reply, AnyReply::Done { exit, .. } if exit == "next"));
        assert_eq!(provided.unwrap().to_json().unwrap(), data);
    }
}

#[tokio::test]
async fn a_secret_is_never_provided_r99() {
    let secret = Value::from("123456").into_secret();
    assert!(play(secret.clone()).await.is_none());
    assert!(play(Value::from(vec![secret])).await.is_none());
}

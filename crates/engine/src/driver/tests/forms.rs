//! The forms that steer a run: cases.

use serde_json::{Value as Json, json};

use crate::testing::{World, shown, start};

/// Starts `journey` with `params`; gives what became of it.
async fn play(text: &str, journey: &str, params: Json) -> Json {
    let world = World::new().await;
    let engine = world.engine(&[text]).await;
    shown(&engine.start(start(journey, params)).await.unwrap())
}

const CASES: &str = r#"
journey: cases
params: { x: any, y: { type: integer, default: 7 } }
steps:
  which:
    type: match_case
    with:
      on: "@policy.request().params.x"
      cases: { one: 1, text: "1", same: "@policy.request().params.y", list: [1, { a: 2.0 }], nothing: null, odd: "@1 / 0" }
    error_output: problem
    branches: { one: one, text: text, same: same, list: list, nothing: nothing, odd: odd, otherwise: other, failure: bad }
  one: { type: complete_journey }
  text: { type: complete_journey }
  same: { type: complete_journey }
  list: { type: complete_journey }
  nothing: { type: complete_journey }
  odd: { type: complete_journey }
  other: { type: reject_access }
  bad: { type: reject_access, with: { data: "@problem.code" } }
"#;

#[tokio::test]
async fn the_first_case_with_the_value_is_taken_as_by_equality() {
    for (x, end) in [
        (json!(1), "one"),
        (json!(1.0), "one"),
        (json!("1"), "text"),
        (json!(7), "same"),
        (json!([1.0, { "a": 2 }]), "list"),
    ] {
        let played = play(CASES, "cases", json!({ "x": x })).await;
        assert_eq!(played["path"], json!(["which", end]), "{x}");
    }
}

/// R98: an expression that cannot be evaluated is no case, and neither `otherwise`.
#[tokio::test]
async fn r98_a_case_that_cannot_be_evaluated_fails_the_step() {
    let played = play(CASES, "cases", json!({ "x": "none of them" })).await;
    assert_eq!((&played["path"], &played["data"]), (&json!(["which", "bad"]), &json!("division-by-zero")));
    let without =
        CASES.replace("cases: { one", "cases: { uno").replace("{ one: one", "{ uno: one").replace(", failure: bad", "");
    let without = without.replace("  bad: { type: reject_access, with: { data: \"@problem.code\" } }\n", "");
    let played = play(&without, "cases", json!({ "x": "none of them" })).await;
    assert_eq!((&played["outcome"], &played["code"]), (&json!("failed"), &json!("division-by-zero")));
}

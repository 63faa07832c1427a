//! Journeys for backends: one call, answered as `complete_journey` says.

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};

use crate::own::{Caller, TWO, is_problem};
use crate::rig::{Reply, World, prompt};

const SCORE: &str = r#"
journey: score
kind: backend
params: { points: integer, to: { type: string, default: "" } }
steps:
  high: { type: condition, with: { if: "@policy.request().params.points > 9" }, branches: { then: moved, else: low } }
  low: { type: condition, with: { if: "@policy.request().params.points > 0" }, branches: { then: plain, else: refused } }
  moved:
    type: complete_journey
    with: { status: 303, headers: { location: "https://app.example.com/${@policy.request().params.to}", x-points: "${@policy.request().params.points}" } }
  plain: { type: complete_journey, with: { data: { points: "@policy.request().params.points" } } }
  refused: { type: reject_access, with: { data: { message: none } } }
"#;

const TEXT: &str = r#"
journey: text
kind: backend
params: { status: { type: integer, default: 200 }, kind: { type: string, default: "text/plain" } }
steps:
  done:
    type: complete_journey
    with: { status: "@policy.request().params.status", headers: { content-type: "@policy.request().params.kind" }, data: Hello }
"#;

struct Backend {
    world: World,
    token: String,
}

impl Backend {
    async fn new() -> Self {
        let world = World::with(prompt(), &[SCORE, TEXT, TWO]).await;
        let new = NewClient { client_id: Some("app".to_owned()), ..NewClient::confidential("default") };
        let (_, secret) = world.client(&new.scopes([ClientScope::JourneysRun])).await;
        let token = world.token_of("app", &secret, "").await;
        Self { world, token }
    }

    async fn call(&self, journey: &str, params: Json) -> Reply {
        self.world.call("POST", &format!("/v1/journeys/{journey}"), &self.token, &json!({ "params": params })).await
    }
}

#[tokio::test]
async fn the_author_makes_up_status_headers_and_body() {
    let backend = Backend::new().await;
    let plain = backend.call("score", json!({ "points": 5 })).await;
    assert_eq!(
        (plain.status, plain.header("content-type"), plain.json()),
        (200, Some("application/json"), json!({ "points": 5 }))
    );
    let moved = backend.call("score", json!({ "points": 10, "to": "x" })).await;
    assert_eq!(
        (moved.status, moved.header("location"), moved.header("x-points")),
        (303, Some("https://app.example.com/x"), Some("10"))
    );
    assert_eq!(moved.body, "");
    let text = backend.call("text", json!({ "status": 418 })).await;
    assert_eq!((text.status, text.header("content-type"), text.body.as_str()), (418, Some("text/plain"), "Hello"));
    let refused = backend.call("score", json!({ "points": 0 })).await;
    assert_eq!((refused.status, refused.json()), (403, json!({ "message": "none" })));
}

#[tokio::test]
async fn an_answer_that_cannot_be_given_is_none() {
    let backend = Backend::new().await;
    for to in ["a\r\nset-cookie: a=b", "a\nb", "é", "\0"] {
        let split = backend.call("score", json!({ "points": 10, "to": to })).await;
        is_problem(&split, 500, "internal");
        assert_eq!((split.header("location"), split.header("set-cookie")), (None, None));
    }
    for status in [99, 199, 600, -1] {
        is_problem(&backend.call("text", json!({ "status": status })).await, 500, "internal");
    }
}

#[tokio::test]
async fn only_backends_call_and_only_what_is_theirs() {
    let backend = Backend::new().await;
    is_problem(&backend.call("two", json!({})).await, 404, "unknown_journey");
    is_problem(&backend.call("nothing", json!({})).await, 404, "unknown_journey");
    is_problem(&backend.call("score", json!({ "points": "5" })).await, 422, "invalid_parameters");
    is_problem(&backend.call("score", json!({ "points": 5, "acr": 1 })).await, 422, "invalid_parameters");
    let page = Caller::new(&backend.world);
    let body = json!({ "params": { "points": 5 } });
    is_problem(&page.call("POST", "/v1/journeys/score", None, Some(&body)).await, 401, "unauthorized");
    is_problem(&page.start("score", json!({ "points": 5 })).await, 404, "unknown_journey");
}

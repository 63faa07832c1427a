//! Our own interface: start, answer, read again, give up; one shape of answers, problem details for what fails.

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};

use crate::rig::{Reply, SUPPORT, WEB, World, prompt, wrong};

pub(crate) const TWO: &str = r#"
journey: two
params: { greeting: { type: string, default: "" } }
steps:
  one: { type: collect_information, with: { fields: { a: string, n: { type: integer, required: false } } }, output: one, branches: { submit: two } }
  two: { type: collect_information, with: { fields: { b: string } }, output: two, branches: { submit: done } }
  done: { type: complete_journey, with: { data: { a: "@one.a", b: "@two.b", greeting: "@policy.request().params.greeting" } } }
"#;

const PROBLEMS: &str = "https://github.com/wayfarer-rs/wayfarer/blob/main/docs/server.md#";

/// An app without a browser.
pub(crate) struct Caller<'a> {
    pub(crate) world: &'a World,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) query: String,
}

impl<'a> Caller<'a> {
    pub(crate) fn new(world: &'a World) -> Self {
        Self { world, headers: Vec::new(), query: format!("?client_id={WEB}") }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) async fn call(&self, method: &str, path: &str, handle: Option<&str>, body: Option<&Json>) -> Reply {
        let mut headers: Vec<_> = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        headers.extend(handle.map(|handle| ("wayfarer-handle", handle)));
        headers.extend(body.map(|_| ("content-type", "application/json")));
        let body = body.map(Json::to_string).unwrap_or_default();
        self.world.send(method, &format!("{path}{}", self.query), &headers, &body).await
    }

    pub(crate) async fn start(&self, journey: &str, params: Json) -> Reply {
        self.call("POST", &format!("/v1/journeys/{journey}/runs"), None, Some(&json!({ "params": params }))).await
    }

    pub(crate) async fn submit(&self, handle: &str, data: Json) -> Reply {
        let body = json!({ "option": "submit", "data": data });
        self.call("POST", "/v1/runs/submit", Some(handle), Some(&body)).await
    }

    pub(crate) async fn current(&self, handle: &str) -> Reply {
        self.call("GET", "/v1/runs/current", Some(handle), None).await
    }
}

pub(crate) fn handle(reply: &Reply) -> String {
    reply.json()["handle"].as_str().unwrap_or_else(|| panic!("no handle: {reply:?}")).to_owned()
}

#[track_caller]
pub(crate) fn is_problem(reply: &Reply, status: u16, code: &str) {
    let json = reply.json();
    let found = (reply.status, reply.header("content-type"), json["status"].as_u64(), json["type"].as_str());
    let kind = format!("{PROBLEMS}{code}");
    assert_eq!(
        found,
        (status, Some("application/problem+json"), Some(u64::from(status)), Some(kind.as_str())),
        "{reply:?}"
    );
}

#[tokio::test]
async fn a_code_recovers_access_and_every_refusal_looks_alike() {
    let world = World::new().await;
    world.user("user123").await;
    let code = world.code("user123").await;
    let caller = Caller::new(&world);
    let params = |user: &str, code: &str| json!({ "external_user_id": user, "temp_code": code });
    let refused = caller.start("temp_code_auth_journey", params("user123", &wrong(&code))).await;
    assert_eq!((refused.status, &refused.json()["status"]), (200, &json!("rejected")), "{refused:?}");
    let good = caller.start("temp_code_auth_journey", params("user123", &code)).await;
    let json = good.json();
    assert_eq!((good.status, &json["status"]), (200, &json!("completed")), "{json}");
    let tokens = &json["tokens"];
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert!(tokens["access_token"].as_str().unwrap().split('.').count() == 3 && tokens["id_token"].is_string());
    for (user, code) in [("user123", code.as_str()), ("nobody", &code), ("", ""), ("user123", "")] {
        let again = caller.start("temp_code_auth_journey", params(user, code)).await;
        assert_eq!(again.timeless(), refused.clone().timeless(), "{user:?} {code:?}");
    }
}

#[tokio::test]
async fn r46_r47_a_form_is_answered_and_each_handle_is_good_for_its_wait() {
    let world = World::with(prompt(), &[TWO]).await;
    let caller = Caller::new(&world);
    let started = caller.start("two", json!({ "greeting": "hi" })).await;
    let prompt = started.json();
    assert_eq!(
        (&prompt["status"], &prompt["step"], &prompt["kind"]),
        (&json!("prompt"), &json!("one"), &json!("form"))
    );
    assert_eq!(prompt["choices"][0]["id"], "submit");
    assert_eq!(prompt["choices"][0]["schema"]["properties"]["a"]["type"], "string", "{prompt}");
    let first = handle(&started);
    assert_eq!(caller.current(&first).await.json(), prompt, "it may be read again");

    let next = caller.submit(&first, json!({ "a": "1" })).await;
    let second = handle(&next);
    assert_eq!((&next.json()["step"], first == second), (&json!("two"), false));
    assert_eq!(
        caller.submit(&first, json!({ "a": "1" })).await.timeless(),
        next.clone().timeless(),
        "R48: the same again"
    );
    is_problem(&caller.submit(&first, json!({ "a": "2" })).await, 409, "conflict");
    is_problem(&caller.current(&first).await, 404, "stale_handle");

    let done = caller.submit(&second, json!({ "b": "2" })).await.json();
    assert_eq!(done, json!({ "status": "completed", "data": { "a": "1", "b": "2", "greeting": "hi" } }));
    world.advance(61);
    for old in [&first, &second] {
        is_problem(&caller.submit(old, json!({ "a": "1" })).await, 404, "stale_handle");
    }
}

#[tokio::test]
async fn r50_what_does_not_fit_is_told_by_place_and_leaves_the_handle_good() {
    let world = World::with(prompt(), &[TWO]).await;
    let caller = Caller::new(&world);
    let first = handle(&caller.start("two", json!({})).await);
    let refused = caller.submit(&first, json!({ "n": "hunter2" })).await;
    is_problem(&refused, 422, "invalid_answer");
    let errors = refused.json()["errors"].clone();
    let pointers: Vec<_> = errors.as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["#/data/a", "#/data/n"], "{errors}");
    assert!(!refused.body.contains("hunter2"), "{refused:?}");
    let post = |body: Json| {
        let (caller, first) = (&caller, &first);
        async move { caller.call("POST", "/v1/runs/submit", Some(first), Some(&body)).await }
    };
    is_problem(&post(json!({ "option": "other" })).await, 422, "invalid_answer");
    is_problem(&post(json!({ "option": "submit", "step": "two", "data": { "a": "1" } })).await, 422, "invalid_answer");
    for malformed in [json!({}), json!([]), json!({ "option": 1 }), json!({ "option": "submit", "more": 1 })] {
        is_problem(&post(malformed).await, 400, "invalid_input");
    }
    assert_eq!(caller.submit(&first, json!({ "a": "1" })).await.json()["step"], "two");
}

#[tokio::test]
async fn r54_only_declared_parameters_are_taken() {
    let world = World::with(prompt(), &[TWO]).await;
    let caller = Caller::new(&world);
    for name in ["user", "policy", "__proto__", "acr", "Greeting"] {
        let refused = caller.start("two", json!({ name: "x" })).await;
        is_problem(&refused, 422, "invalid_parameters");
        assert_eq!(refused.json()["errors"][0]["pointer"], format!("#/params/{name}"));
    }
    is_problem(&caller.start("two", json!({ "greeting": 1 })).await, 422, "invalid_parameters");
    is_problem(&caller.start("two", json!([])).await, 400, "invalid_input");
    is_problem(&caller.start("nothing", json!({})).await, 404, "unknown_journey");
    is_problem(&caller.start("%ff", json!({})).await, 404, "not_found");
}

#[tokio::test]
async fn law_5_the_same_start_within_a_minute_gets_the_same_answer() {
    let world = World::with(prompt(), &[TWO]).await;
    let caller = Caller::new(&world).with("idempotency-key", "0198-abc");
    let first = caller.start("two", json!({ "greeting": "a" })).await;
    assert_eq!(caller.start("two", json!({ "greeting": "a" })).await.timeless(), first.clone().timeless());
    is_problem(&caller.start("two", json!({ "greeting": "b" })).await, 409, "conflict");
    world.advance(61);
    assert_ne!(handle(&caller.start("two", json!({ "greeting": "a" })).await), handle(&first));
    let long = "x".repeat(257);
    for bad in ["", "a b", long.as_str()] {
        let refused = Caller::new(&world).with("idempotency-key", bad).start("two", json!({})).await;
        is_problem(&refused, 400, "invalid_input");
    }
    let twice = Caller::new(&world).with("idempotency-key", "a").with("idempotency-key", "a");
    is_problem(&twice.start("two", json!({})).await, 400, "invalid_input");
}

#[tokio::test]
async fn a_run_that_is_given_up_fails() {
    let world = World::with(prompt(), &[TWO]).await;
    let caller = Caller::new(&world);
    let first = handle(&caller.start("two", json!({})).await);
    let ended = caller.call("POST", "/v1/runs/cancel", Some(&first), Some(&json!({}))).await;
    assert_eq!((ended.status, ended.json()), (200, json!({ "status": "failed" })));
    is_problem(&caller.submit(&first, json!({ "a": "1" })).await, 409, "conflict");
    world.advance(61);
    is_problem(&caller.submit(&first, json!({ "a": "1" })).await, 404, "stale_handle");
}

#[tokio::test]
async fn r72_r73_a_client_shows_what_it_is() {
    let world = World::with(prompt(), &[TWO]).await;
    let named = |query: &str| Caller { query: query.to_owned(), ..Caller::new(&world) };
    is_problem(&named("").start("two", json!({})).await, 401, "unauthorized");
    is_problem(&named("?client_id=nobody").start("two", json!({})).await, 401, "unauthorized");
    is_problem(&named("?client_id=web&client_id=web").start("two", json!({})).await, 400, "malformed");
    is_problem(&named("?client_id=web&x=1").start("two", json!({})).await, 400, "invalid_input");
    let new = NewClient { client_id: Some("app".to_owned()), ..NewClient::confidential("default") };
    let (_, secret) = world.client(&new.scopes([ClientScope::JourneysRun])).await;
    is_problem(&named("?client_id=app").start("two", json!({})).await, 401, "unauthorized");

    let token = world.token_of("app", &secret, "").await;
    let backend = named("").with("authorization", &format!("Bearer {token}"));
    let first = handle(&backend.start("two", json!({})).await);
    is_problem(&Caller::new(&world).submit(&first, json!({ "a": "1" })).await, 404, "stale_handle");
    assert_eq!(backend.submit(&first, json!({ "a": "1" })).await.json()["step"], "two", "a run is its client's");
    let both = Caller::new(&world).with("authorization", &format!("Bearer {token}"));
    is_problem(&both.start("two", json!({})).await, 400, "invalid_input");
    let support = named("").with("authorization", &format!("Bearer {}", world.token().await));
    let refused = support.start("two", json!({})).await;
    is_problem(&refused, 403, "forbidden");
    assert_eq!(refused.header("www-authenticate"), Some("Bearer error=\"insufficient_scope\""), "{SUPPORT}");
}

#[tokio::test]
async fn r55_whatever_is_wrong_with_a_handle_looks_alike() {
    let world = World::with(prompt(), &[TWO]).await;
    let caller = Caller::new(&world);
    let good = handle(&caller.start("two", json!({})).await);
    let (bare, seal) = good.split_once('.').unwrap();
    let other = handle(&caller.start("two", json!({})).await);
    let mixed = format!("{bare}.{}", other.split_once('.').unwrap().1);
    let long = "x".repeat(4_000);
    let bad = ["x", "", bare, seal, &mixed, &format!("{good}."), &format!("{good}A"), &long, "x.y", "."];
    let first = caller.submit("a.b", json!({ "a": "1" })).await;
    is_problem(&first, 404, "stale_handle");
    for handle in bad {
        let refused = caller.submit(handle, json!({ "a": "1" })).await;
        assert_eq!(refused.timeless(), first.clone().timeless(), "{handle:?}");
        is_problem(&caller.current(handle).await, 404, "stale_handle");
    }
    is_problem(&caller.call("GET", "/v1/runs/current", None, None).await, 400, "invalid_input");
    assert_eq!(caller.submit(&good, json!({ "a": "1" })).await.status, 200, "nothing of that did any harm");
}

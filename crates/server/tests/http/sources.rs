//! R115: every attempt is on record with the address and the user agent of its caller, whatever the interface, and no answer
//! tells them.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use wayfarer::AuditQuery;
use wayfarer::identity::{ClientScope, NewClient};
use wayfarer_server::{Proxies, Settings};

use crate::own::{TWO, handle};
use crate::rig::{Reply, WEB, World, prompt, wrong};

/// A user agent that would forge a line, if it could.
const AGENT: &str = "canary\t/1\u{85}\u{202e} (x)";
const KEPT: &str = "canary/1 (x)";

/// A backend's journey that checks a code.
const DESK: &str = r#"
journey: desk
kind: backend
params: { user: string, code: { type: string, secret: true } }
steps:
  verify: { type: temp_code_authentication, with: { external_user_id: "@policy.request().params.user", temp_code: "@policy.request().params.code" }, branches: { success: done, failure: no } }
  done: { type: complete_journey }
  no: { type: reject_access }
"#;

async fn world() -> World {
    let proxies = Proxies { networks: vec!["127.0.0.0/8".parse().unwrap()], ..Proxies::default() };
    World::with(Settings { proxies, ..prompt() }, &[TWO, DESK]).await
}

/// A call through the proxy.
async fn call(world: &World, from: &str, path: &str, further: &[(&str, &str)], body: &Json) -> Reply {
    let headers = [("content-type", "application/json"), ("x-forwarded-for", from), ("user-agent", AGENT)];
    let reply = world.send("POST", path, &[&headers, further].concat(), &body.to_string()).await;
    let told = format!("{reply:?}");
    assert!(!told.contains("canary") && !told.contains(from), "{told}");
    reply
}

/// The facts about runs and attempts that came from there; all of them name the user agent.
async fn from(world: &World, address: &str) -> BTreeSet<String> {
    let query = AuditQuery { limit: 10_000, ..AuditQuery::default() };
    let page = world.host.identity().audit(world.host.tenant(), &query).await.unwrap();
    let facts = page.entries.into_iter().map(|entry| entry.fact);
    let facts = facts.filter(|fact| fact.run.is_some() && fact.details.get("address") == Some(&json!(address)));
    facts
        .map(|fact| {
            assert_eq!(fact.details.get("user_agent"), Some(&json!(KEPT)), "{fact:?}");
            fact.name.into_owned()
        })
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn r115_the_sdk_s_attempts_say_from_where() {
    let world = world().await;
    world.user("user123").await;
    let code = wrong(&world.code("user123").await);
    let path = format!("/ido/api/v2/auth/anonymous_invoke?clientId={WEB}");
    let params = json!({ "external_user_id": "user123", "temp_code": code });
    let body = json!({ "headers": [], "data": { "policy_request_id": "temp_code_auth_journey", "params": params } });
    assert_eq!(call(&world, "203.0.113.7", &path, &[], &body).await.status, 400);
    let expected =
        ["journey.rejected", "journey.started", "journey.step", "tempcode.attempt_counted", "tempcode.attempt_failed"];
    assert_eq!(from(&world, "203.0.113.7").await, set(&expected));
}

#[tokio::test]
async fn r115_starts_and_answers_of_our_own_interface_say_from_where() {
    let world = world().await;
    let query = format!("?client_id={WEB}");
    let start = format!("/v1/journeys/two/runs{query}");
    let first = call(&world, "203.0.113.7", &start, &[], &json!({ "params": {} })).await;
    let (handle, answer) = (handle(&first), json!({ "option": "submit", "data": { "a": "x" } }));
    let submit = format!("/v1/runs/submit{query}");
    let answered = call(&world, "2001:db8::7", &submit, &[("wayfarer-handle", &handle)], &answer).await;
    assert_eq!(answered.status, 200, "{answered:?}");
    assert_eq!(from(&world, "203.0.113.7").await, set(&["journey.started", "journey.waiting"]));
    assert_eq!(from(&world, "2001:db8::7").await, set(&["journey.resumed", "journey.step", "journey.waiting"]));
}

#[tokio::test]
async fn r115_codes_that_backends_check_say_from_where() {
    let world = world().await;
    world.user("user123").await;
    let new = NewClient { client_id: Some("app".to_owned()), ..NewClient::confidential("default") };
    let (_, secret) = world.client(&new.scopes([ClientScope::JourneysRun, ClientScope::OtpAuthenticate])).await;
    let bearer = format!("Bearer {}", world.token_of("app", &secret, "").await);
    let bearer = [("authorization", bearer.as_str())];
    let code = world.code("user123").await;
    let body = json!({ "params": { "user": "user123", "code": wrong(&code) } });
    assert_eq!(call(&world, "203.0.113.7", "/v1/journeys/desk", &bearer, &body).await.status, 403);
    let tried = from(&world, "203.0.113.7").await;
    assert!(tried.is_superset(&set(&["journey.started", "tempcode.attempt_failed", "journey.rejected"])), "{tried:?}");

    let check = async |from: &str, user: &str, code: &str| {
        let body = json!({ "identifier_type": "external_user_id", "identifier": user, "passcode": code });
        call(&world, from, "/cis/v1/auth/otp/authenticate", &bearer, &body).await.status
    };
    assert_eq!(check("203.0.113.8", "nobody", "1").await, 400);
    assert_eq!(from(&world, "203.0.113.8").await, set(&["tempcode.attempt_refused", "tempcode.checked"]));
    assert_eq!(check("203.0.113.9", "user123", &code).await, 200);
    let expected = ["recovery.session_started", "tempcode.attempt_counted", "tempcode.checked", "tempcode.verified"];
    assert_eq!(from(&world, "203.0.113.9").await, set(&expected));
}

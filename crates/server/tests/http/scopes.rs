//! Every operation that the OpenAPI document knows, with every single scope, with none, and without a token: only the declared
//! scopes pass (R73).

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};

use crate::openapi::document;
use crate::own::TWO;
use crate::rig::{Reply, World, prompt};

/// What a call is refused with before anything of it is looked at.
fn is_refused(reply: &Reply) -> bool {
    reply.status == 401 || reply.status == 403 && reply.body.contains("the access token has not the scope")
}

#[tokio::test]
async fn r73_only_the_declared_scopes_pass() {
    let world = World::with(prompt(), &[TWO]).await;
    let mut tokens = Vec::new();
    for scope in ClientScope::ALL {
        let id = scope.as_str().replace(':', "-");
        let new = NewClient { client_id: Some(id.clone()), ..NewClient::confidential("default") };
        let (_, secret) = world.client(&new.scopes([scope])).await;
        tokens.push((scope.as_str(), world.token_of(&id, &secret, "").await));
    }
    let (_, secret) =
        world.client(&NewClient { client_id: Some("none".to_owned()), ..NewClient::confidential("default") }).await;
    tokens.push(("", world.token_of("none", &secret, "").await));

    let mut operations = 0;
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(security) = operation.get("security").and_then(Json::as_array) else {
                continue;
            };
            operations += 1;
            let needed = security.iter().filter_map(|way| way.get("client")?.as_array()).flatten();
            let needed: Vec<_> = needed.map(|scope| scope.as_str().unwrap()).collect();
            let sent = sent(method, path);
            let told: Vec<_> = sent.iter().map(|(scope, _)| scope.unwrap_or(needed[0])).collect();
            assert_eq!(told, needed, "{method} {path} names one scope for each thing that it does");
            let what = format!("{} {path}", method.to_uppercase());
            for (needed, (_, body)) in needed.iter().zip(&sent) {
                for (scope, token) in &tokens {
                    let reply = call(&world, method, path, body, Some(token)).await;
                    assert_eq!(!is_refused(&reply), needed == scope, "{what} {body} with `{scope}`: {reply:?}");
                    assert!(reply.status < 500, "{what}: {reply:?}");
                }
            }
            for token in [None, Some(""), Some("x"), Some("eyJhbGciOiJub25lIn0.e30.")] {
                let reply = call(&world, method, path, &sent[0].1, token).await;
                assert_eq!(reply.status, 401, "{what} with {token:?}: {reply:?}");
            }
        }
    }
    assert!(operations > 30, "the document names {operations}");
}

/// What is sent to a call, for each thing that it does, and the scope for that where a call does several.
fn sent(method: &str, path: &str) -> Vec<(Option<&'static str>, Json)> {
    let by = |channel| json!({ "channel": channel, "identifier_type": "email", "identifier": "x" });
    match (method, path) {
        (_, "/cis/v1/auth/otp/send") => vec![(Some("otp:direct"), by("direct")), (Some("otp:send"), by("sms"))],
        ("post" | "put", _) => vec![(None, json!({}))],
        _ => vec![(None, Json::Null)],
    }
}

async fn call(world: &World, method: &str, path: &str, body: &Json, token: Option<&str>) -> Reply {
    let address = if path.starts_with("/admin") { world.admin } else { world.public };
    let path = path.replace("{journey}", "two").replace("{run_id}", "01234567-89ab-7def-8123-456789abcdef");
    let path = path.replace("{user_id}", "nobody").replace("{client_id}", "nobody").replace("{value}", "nobody");
    let path = path.replace("{key}", "0123456789abcdef");
    let path = if path.contains("/token/") { format!("{path}?clientId=web") } else { path };
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("wayfarer-agent", "sam"), ("wayfarer-handle", "a.b")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let body = if body.is_null() { String::new() } else { body.to_string() };
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    World::send_to(address, &method.to_uppercase(), &path, &headers, &body).await
}

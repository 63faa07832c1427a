//! Every operation that the OpenAPI document knows, with every single scope, with none, and without a token: only the declared
//! scopes pass (R73).

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};

use crate::openapi::document;
use crate::own::TWO;
use crate::rig::{Reply, World, prompt};

/// What a call is refused with before anything of it is looked at.
fn is_refused(reply: &Reply) -> bool {
    let body = &reply.body;
    reply.status == 401
        || reply.status == 403 && body.contains("#forbidden\"") && body.contains("the access token has not the scope")
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
            let needed: Vec<_> = security.iter().filter_map(|way| way.get("client")?.as_array()).flatten().collect();
            assert_eq!(needed.len(), 1, "{method} {path} names one scope");
            let what = format!("{} {path}", method.to_uppercase());
            for (scope, token) in &tokens {
                let reply = call(&world, method, path, Some(token)).await;
                assert_eq!(!is_refused(&reply), needed[0] == scope, "{what} with `{scope}`: {reply:?}");
                assert!(reply.status < 500, "{what}: {reply:?}");
            }
            for token in [None, Some(""), Some("x"), Some("eyJhbGciOiJub25lIn0.e30.")] {
                let reply = call(&world, method, path, token).await;
                assert_eq!(reply.status, 401, "{what} with {token:?}: {reply:?}");
            }
        }
    }
    assert!(operations > 20, "the document names {operations}");
}

async fn call(world: &World, method: &str, path: &str, token: Option<&str>) -> Reply {
    let address = if path.starts_with("/admin") { world.admin } else { world.public };
    let path = path.replace("{journey}", "two").replace("{run_id}", "01234567-89ab-7def-8123-456789abcdef");
    let path = path.replace("{user_id}", "nobody").replace("{client_id}", "nobody");
    let path = path.replace("{key}", "0123456789abcdef");
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("wayfarer-agent", "sam"), ("wayfarer-handle", "a.b")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let body = if matches!(method, "post" | "patch") { json!({}).to_string() } else { String::new() };
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    World::send_to(address, &method.to_uppercase(), &path, &headers, &body).await
}

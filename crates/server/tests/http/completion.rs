//! What a backend learns after a journey: what a token says, and the tokens that a code stands for.

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, Completion, NewClient};

use crate::rig::{Page, Reply, World, prompt};

const JOURNEY: &str = "temp_code_auth_journey";

/// A backend of the application, and the token that it calls with.
async fn backend(world: &World, id: &str, scopes: &[ClientScope]) -> String {
    let new = NewClient { client_id: Some(id.to_owned()), ..NewClient::confidential("default") };
    let (_, secret) = world.client(&new.scopes(scopes.iter().copied())).await;
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let reply = world.send("POST", "/oidc/token", crate::rig::FORM, &form).await;
    reply.json()["access_token"].as_str().unwrap().to_owned()
}

/// A page's client, and what its journey ended with.
async fn completed(world: &World, completion: Completion) -> Json {
    let id = format!("{completion:?}").to_lowercase();
    let new = NewClient { client_id: Some(id.clone()), completion, ..NewClient::confidential("default") };
    world.client(&new.scopes([ClientScope::JourneysRun])).await;
    let user = format!("user-{id}");
    world.user(&user).await;
    let code = world.code(&user).await;
    let mut page = Page::new(world);
    (page.client, page.origin) = (id, None);
    page.start(JOURNEY, json!({ "external_user_id": user, "temp_code": code })).await;
    assert_eq!(page.last["data"]["state"], "completed", "{}", page.last);
    page.last["data"].clone()
}

async fn ask(world: &World, word: &str, bearer: &str, client: &str, body: &Json) -> Reply {
    world.call("POST", &format!("/ido/api/v2/token/{word}?clientId={client}"), bearer, body).await
}

#[tokio::test]
async fn a_client_gets_a_token_a_code_or_both() {
    let world = World::with(prompt(), &[]).await;
    for (completion, token, code) in
        [(Completion::Token, true, false), (Completion::Code, false, true), (Completion::Both, true, true)]
    {
        let data = completed(&world, completion).await;
        assert_eq!((data["token"].is_string(), data["code"].is_string()), (token, code), "{completion:?}");
    }
}

#[tokio::test]
async fn a_backend_learns_what_a_live_token_says() {
    let world = World::with(prompt(), &[]).await;
    let bearer = backend(&world, "backend", &[ClientScope::TokensRead]).await;
    let token = completed(&world, Completion::Token).await["token"].clone();
    let reply = ask(&world, "introspect", &bearer, "token", &json!({ "token": token })).await;
    assert_eq!((reply.status, &reply.json()["error_code"]), (200, &json!(0)));
    let data = &reply.json()["data"];
    assert_eq!((&data["aud"], &data["amr"]), (&json!("default"), &json!(["tac"])));

    let mut refused = Vec::new();
    for text in [json!("x"), json!(bearer), json!(format!("{}x", token.as_str().unwrap()))] {
        refused.push(ask(&world, "introspect", &bearer, "token", &json!({ "token": text })).await.timeless());
    }
    refused.push(ask(&world, "introspect", &bearer, "nobody", &json!({ "token": token })).await.timeless());
    let (identity, tenant) = (world.host.identity(), world.host.tenant());
    let session = data["sid"].as_str().unwrap().parse().unwrap();
    identity.end_session(tenant, &wayfarer::step::Actor::system(), session).await.unwrap();
    refused.push(ask(&world, "introspect", &bearer, "token", &json!({ "token": token })).await.timeless());
    assert_eq!((refused[0].status, &refused[0].json()["error_code"]), (400, &json!(4000)));
    for (index, reply) in refused.iter().enumerate() {
        assert_eq!(reply, &refused[0], "{index}");
    }
}

#[tokio::test]
async fn a_token_that_has_run_out_says_nothing_more() {
    let world = World::with(prompt(), &[]).await;
    let bearer = backend(&world, "backend", &[ClientScope::TokensRead]).await;
    let token = completed(&world, Completion::Token).await["token"].clone();
    world.advance(599);
    assert_eq!(ask(&world, "introspect", &bearer, "token", &json!({ "token": token })).await.status, 200);
    world.advance(1);
    assert_eq!(ask(&world, "introspect", &bearer, "token", &json!({ "token": token })).await.status, 400);
}

#[tokio::test]
async fn a_code_is_exchanged_once_and_a_second_time_ends_the_session() {
    let world = World::with(prompt(), &[]).await;
    let bearer = backend(&world, "backend", &[ClientScope::TokensRead]).await;
    let body = json!({ "code": completed(&world, Completion::Code).await["code"] });
    let reply = ask(&world, "exchange", &bearer, "code", &body).await;
    assert_eq!((reply.status, &reply.json()["error_code"]), (200, &json!(0)), "{reply:?}");
    let data = reply.json()["data"].clone();
    assert_eq!((&data["token_type"], &data["expires_in"]), (&json!("Bearer"), &json!(600)));
    let token = json!({ "token": data["access_token"] });
    assert_eq!(ask(&world, "introspect", &bearer, "code", &token).await.json()["data"], data["claims"]);

    assert_eq!(ask(&world, "exchange", &bearer, "code", &body).await.status, 400);
    assert_eq!(ask(&world, "introspect", &bearer, "code", &token).await.status, 400, "its tokens are void");
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    let world = World::with(prompt(), &[]).await;
    let bearer = backend(&world, "backend", &[ClientScope::TokensRead]).await;
    let (late, timely) = (completed(&world, Completion::Code).await, completed(&world, Completion::Both).await);
    world.advance(299);
    assert_eq!(ask(&world, "exchange", &bearer, "both", &json!({ "code": timely["code"] })).await.status, 200);
    world.advance(1);
    assert_eq!(ask(&world, "exchange", &bearer, "code", &json!({ "code": late["code"] })).await.status, 400);
}

#[tokio::test]
async fn only_who_may_read_tokens_asks() {
    let world = World::with(prompt(), &[]).await;
    let bearer = backend(&world, "backend", &[ClientScope::UsersRead]).await;
    let data = completed(&world, Completion::Both).await;
    for word in ["introspect", "exchange"] {
        let body = json!({ "token": data["token"], "code": data["code"] });
        let reply = ask(&world, word, &bearer, "both", &body).await;
        assert_eq!((reply.status, &reply.json()["error_code"]), (403, &json!(4003)));
        let nobody = ask(&world, word, "x", "both", &body).await;
        assert_eq!((nobody.status, &nobody.json()["error_code"]), (401, &json!(4001)));
        assert!(nobody.header("www-authenticate").is_some());
    }
    let reader = backend(&world, "reader", &[ClientScope::TokensRead]).await;
    for body in [json!([]), json!({}), json!({ "token": 7, "code": 7 })] {
        assert_eq!(ask(&world, "exchange", &reader, "both", &body).await.status, 400);
    }
    assert_eq!(ask(&world, "exchange", &reader, "both", &json!({ "code": data["code"] })).await.status, 200, "unused");
}

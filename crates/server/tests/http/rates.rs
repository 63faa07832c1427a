//! How often callers may come, whom they are told apart by, and what is recorded of those who are refused (R43, R62, R115).

use std::num::NonZeroU32;

use serde_json::{Value as Json, json};
use wayfarer::identity::{AuditEntry, AuditQuery, ClientScope, NewClient};
use wayfarer_server::{Limits, Proxies, Rate, Rates, Settings};

use crate::rig::{FORM, Page, Reply, WEB, World, prompt};

fn rate(burst: u32) -> Option<Rate> {
    Some(Rate::new(NonZeroU32::MIN, NonZeroU32::new(burst).unwrap()))
}

fn settings(rates: Rates) -> Settings {
    let proxies = Proxies { networks: vec!["127.0.0.0/8".parse().unwrap()], ..Proxies::default() };
    Settings { limits: Limits { rates, ..prompt().limits }, proxies, ..prompt() }
}

async fn from(world: &World, address: &str, path: &str) -> Reply {
    world.send("GET", path, &[("x-forwarded-for", address)], "").await
}

async fn secret(world: &World, address: &str, client: &str, secret: &str) -> Reply {
    let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
    world.send("POST", "/oidc/token", &[FORM, &[("x-forwarded-for", address)]].concat(), &form).await
}

async fn trail(world: World, name: &str) -> Vec<AuditEntry> {
    let host = world.host.clone();
    world.stop().await;
    let query = AuditQuery { name: Some(name.to_owned()), ..AuditQuery::default() };
    host.identity().audit(host.tenant(), &query).await.unwrap().entries
}

#[tokio::test]
async fn r43_each_interface_says_in_its_words_when_to_come_again() {
    let world = World::with(settings(Rates { address: rate(2), ..Rates::none() }), &[]).await;
    for number in 0..2 {
        assert_eq!(from(&world, "203.0.113.7", "/.well-known/jwks.json").await.status, 200, "{number}");
    }
    let faces = [
        ("/.well-known/jwks.json", "status", json!(429)),
        ("/oidc/token", "error", json!("temporarily_unavailable")),
        ("/cis/v1/auth/otp/send", "error_code", json!("too_many_requests")),
        ("/cis/v1/users/x", "error_code", json!(429)),
        ("/ido/api/v2/auth/assert", "error_code", json!(4029)),
    ];
    for (path, member, expected) in faces {
        let reply = from(&world, "203.0.113.7", path).await;
        assert_eq!((reply.status, reply.header("retry-after")), (429, Some("60")), "{reply:?}");
        assert_eq!(reply.json()[member], expected, "{path}");
    }
    assert_eq!(from(&world, "203.0.113.8", "/.well-known/jwks.json").await.status, 200, "somebody else");
    let odd = ["x", "203.0.113.9, x", "", "127.0.0.1"];
    let statuses: Vec<u16> = {
        let mut statuses = Vec::new();
        for header in odd {
            statuses.push(from(&world, header, "/.well-known/jwks.json").await.status);
        }
        statuses
    };
    assert_eq!(statuses, [200, 200, 429, 429], "what cannot be read counts for the connection");
}

#[tokio::test]
async fn r43_who_is_no_listed_proxy_is_not_asked_for_whom_it_calls() {
    let rates = Rates { address: rate(1), ..Rates::none() };
    let world = World::with(Settings { proxies: Proxies::default(), ..settings(rates) }, &[]).await;
    assert_eq!(from(&world, "203.0.113.7", "/.well-known/jwks.json").await.status, 200);
    assert_eq!(from(&world, "203.0.113.8", "/.well-known/jwks.json").await.status, 429);
}

#[tokio::test]
async fn r43_one_client_has_its_own_rate() {
    let world = World::with(settings(Rates { client: rate(2), ..Rates::none() }), &[]).await;
    let token = world.token().await;
    let statuses = [
        world.call("GET", "/cis/v1/users/x", &token, &Json::Null).await.status,
        world.call("GET", "/cis/v1/users/x", &token, &Json::Null).await.status,
    ];
    assert_eq!(statuses, [404, 404]);
    let refused = world.call("GET", "/cis/v1/users/x", &token, &Json::Null).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")));
    let refused = world.call("POST", "/ido/api/v2/token/introspect?clientId=web", &token, &json!({})).await;
    assert_eq!((refused.status, &refused.json()["error_code"]), (429, &json!(4029)), "the number of this interface");
    assert!(!world.token().await.is_empty(), "tokens are not asked for with a token");
}

#[tokio::test]
async fn r62_a_stranger_who_guesses_a_secret_keeps_the_client_in() {
    let world = World::with(settings(Rates { secrets: rate(3), ..Rates::none() }), &[]).await;
    let right = world.secret.clone();
    for _ in 0..3 {
        assert_eq!(secret(&world, "203.0.113.7", "support", "wfs_x").await.status, 401);
    }
    for guess in ["wfs_x", &right] {
        let reply = secret(&world, "203.0.113.7", "support", guess).await;
        assert_eq!((reply.status, reply.header("retry-after")), (429, Some("60")), "not compared: {reply:?}");
    }
    for _ in 0..5 {
        assert_eq!(secret(&world, "198.51.100.1", "support", &right).await.status, 200);
    }
    for _ in 0..3 {
        assert_eq!(secret(&world, "203.0.113.7", "nobody", "x").await.status, 401);
    }
    assert_eq!(secret(&world, "203.0.113.7", "nobody", "x").await.status, 429, "an unknown client looks the same");
}

#[tokio::test]
async fn r115_a_token_and_every_refusal_is_on_record_and_no_secret_is() {
    let world = World::with(settings(Rates::none()), &[]).await;
    let token = world.token_for(&[("scope", "users:read")]).await;
    for _ in 0..50 {
        secret(&world, "203.0.113.7", "support", "wfs_guess").await;
    }
    secret(&world, "203.0.113.7", "pasted-secret", "wfs_guess").await;
    secret(&world, "203.0.113.8", "support", "wfs_guess").await;
    world.call("POST", "/cis/v1/users", &token, &json!({ "email": "a@example.com" })).await;
    world.call("GET", "/cis/v1/users/x", "forged", &Json::Null).await;
    let mut page = Page::new(&world);
    page.origin = Some("https://evil.example.com".to_owned());
    page.begin("temp_code_auth_journey", json!({})).await;
    let entries = trail(world, "client.").await;
    let told = |entry: &AuditEntry| {
        let fact = &entry.fact;
        let text = |name: &str| fact.details.get(name).cloned().unwrap_or_default();
        (fact.name.to_string(), fact.actor.id.to_string(), text("address"), text("count"))
    };
    let told: Vec<_> = entries.iter().map(told).collect();
    let expected = [
        ("client.token_issued", "support", "127.0.0.1", Json::Null),
        ("client.refused", "support", "203.0.113.7", json!(1)),
        ("client.refused", "support", "203.0.113.7", json!(49)),
        ("client.refused", "unknown", "203.0.113.7", json!(1)),
        ("client.refused", "support", "203.0.113.8", json!(1)),
        ("client.scope_refused", "support", "127.0.0.1", json!(1)),
        ("client.token_refused", "unknown", "127.0.0.1", json!(1)),
        ("client.origin_refused", WEB, "127.0.0.1", json!(1)),
    ];
    for (name, who, from, count) in expected {
        let wanted = (name.to_owned(), who.to_owned(), json!(from), count);
        assert!(told.contains(&wanted), "{wanted:?} is not in {told:#?}");
    }
    let text = format!("{entries:?}");
    for secret in ["pasted-secret", "wfs_guess", "forged", token.as_str()] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn r43_a_backend_has_its_rate_in_our_own_interface_and_whoever_names_a_page_s_client_uses_up_nobody_s() {
    let world = World::with(settings(Rates { client: rate(2), ..Rates::none() }), &[]).await;
    let backend = NewClient { client_id: Some("backend".to_owned()), ..NewClient::confidential("default") };
    let secret = world.client(&backend.scopes([ClientScope::JourneysRun])).await.1;
    let form = format!("grant_type=client_credentials&client_id=backend&client_secret={secret}");
    let token = world.send("POST", "/oidc/token", FORM, &form).await.json();
    let token = token["access_token"].as_str().unwrap();
    let start = async || world.call("POST", "/v1/journeys/unknown/runs", token, &json!({ "params": {} })).await;
    assert_eq!([start().await.status, start().await.status], [404, 404]);
    let refused = start().await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")), "{refused:?}");
    let json = [("content-type", "application/json")];
    for _ in 0..4 {
        let reply = world.send("POST", "/v1/journeys/unknown/runs?client_id=web", &json, r#"{"params":{}}"#).await;
        assert_eq!(reply.status, 404, "{reply:?}");
    }
}

#[tokio::test]
async fn r115_what_our_own_interface_refuses_is_on_record() {
    let world = World::with(settings(Rates::none()), &[]).await;
    let token = world.token().await;
    let none = json!({ "params": {} });
    world.call("POST", "/v1/journeys/x/runs", "forged", &none).await;
    world.call("POST", "/v1/journeys/x/runs", &token, &none).await;
    let send = async |path: &str, origin: &str| {
        world.send("POST", path, &[("content-type", "application/json"), ("origin", origin)], &none.to_string()).await
    };
    send("/v1/journeys/x/runs?client_id=web", "https://evil.example.com").await;
    send("/v1/journeys/x/runs?client_id=support", "https://evil.example.com").await;
    send("/v1/journeys/x/runs?client_id=pasted-secret", "https://evil.example.com").await;
    let entries = trail(world, "client.").await;
    let told: Vec<_> = entries.iter().map(|entry| (&*entry.fact.name, &*entry.fact.actor.id)).collect();
    for wanted in [
        ("client.token_refused", "unknown"),
        ("client.scope_refused", "support"),
        ("client.origin_refused", "web"),
        ("client.refused", "support"),
        ("client.refused", "unknown"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} is not in {told:?}");
    }
    assert!(!format!("{entries:?}").contains("pasted-secret"));
}

#[tokio::test]
async fn r62_r115_tokens_for_operators_have_the_same_rate_and_record_as_others() {
    let world = World::with(settings(Rates { secrets: rate(2), ..Rates::none() }), &[]).await;
    let guess = "grant_type=client_credentials&client_id=support&client_secret=wfs_x";
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(World::send_to(world.admin, "POST", "/oidc/token", FORM, guess).await.status);
    }
    assert_eq!(statuses, [401, 401, 429]);
    assert_eq!(
        secret(&world, "203.0.113.7", "support", &world.secret).await.status,
        200,
        "from elsewhere it is let in"
    );
    let refused = trail(world, "client.refused").await;
    assert_eq!(refused[0].fact.details["address"], "127.0.0.1");
}

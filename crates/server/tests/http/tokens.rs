//! Access tokens of clients: RFC 6749 sections 2.3, 4.4 and 5, and what a token is good for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};
use wayfarer::step::Actor;

use crate::rig::{FORM, Reply, SUPPORT, World};

async fn ask(world: &World, form: &str) -> Reply {
    world.send("POST", "/oidc/token", FORM, form).await
}

fn good(world: &World) -> String {
    format!("grant_type=client_credentials&client_id={SUPPORT}&client_secret={}", world.secret)
}

#[tokio::test]
async fn r61_r64_r67_a_client_gets_a_token_and_no_refresh_token() {
    let world = World::new().await;
    for path in ["/oidc/token", "/cis/oidc/token"] {
        let reply = world.send("POST", path, FORM, &good(&world)).await;
        let json = reply.json();
        assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")), "{reply:?}");
        let names: Vec<_> = json.as_object().unwrap().keys().collect();
        assert_eq!(names, ["access_token", "token_type", "expires_in", "scope"]);
        assert_eq!((&json["token_type"], &json["expires_in"]), (&json!("Bearer"), &json!(600)), "R68");
        assert_eq!(json["scope"], "otp:send otp:direct users:read users:write");
    }
    let narrow = ask(&world, &format!("{}&scope=users:read&resource=userid-api", good(&world))).await.json();
    assert_eq!((&narrow["scope"], &narrow["expires_in"]), (&json!("users:read"), &json!(3_600)));
}

#[tokio::test]
async fn credentials_may_stand_in_the_header_and_nowhere_twice() {
    let world = World::new().await;
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    let header = basic(&format!("{SUPPORT}:{}", world.secret));
    let with = |header: String, form: &'static str| {
        let world = &world;
        async move {
            let headers = [FORM, &[("authorization", header.as_str())]].concat();
            world.send("POST", "/oidc/token", &headers, form).await
        }
    };
    let grant = "grant_type=client_credentials";
    assert_eq!(with(header.clone(), grant).await.status, 200);
    assert_eq!(with(header.clone(), "grant_type=client_credentials&client_id=support").await.status, 200);
    assert_eq!(
        with(header.clone(), "grant_type=client_credentials&client_id=other").await.json()["error"],
        "invalid_client"
    );
    let twice = with(header, "grant_type=client_credentials&client_id=support&client_secret=x").await;
    assert_eq!((twice.status, &twice.json()["error"]), (400, &json!("invalid_request")));
    for broken in ["Basic !", "Basic", &basic("support"), "Bearer x", &basic("support:%FF")] {
        let refused = with(broken.to_owned(), grant).await;
        assert_eq!((refused.status, &refused.json()["error"]), (401, &json!("invalid_client")), "{broken}");
        assert!(refused.header("www-authenticate").unwrap().starts_with("Basic "));
    }
}

#[tokio::test]
async fn r65_an_unknown_client_and_a_wrong_secret_look_alike() {
    let world = World::new().await;
    let new = NewClient { client_id: Some("gone".to_owned()), ..NewClient::confidential("default") };
    let (_, secret) = world.client(&new).await;
    world.host.identity().set_client_active(world.host.tenant(), &Actor::system(), "gone", false).await.unwrap();
    let grant = "grant_type=client_credentials";
    let forms = [
        format!("{grant}&client_id={SUPPORT}&client_secret=wrong"),
        format!("{grant}&client_id=nobody&client_secret={}", world.secret),
        format!("{grant}&client_id=gone&client_secret={secret}"),
        format!("{grant}&client_id=web&client_secret=x"),
        format!("{grant}&client_id={SUPPORT}"),
        grant.to_owned(),
    ];
    let mut answers = Vec::new();
    for form in &forms {
        answers.push(ask(&world, form).await.timeless());
    }
    assert_eq!(answers[0].status, 401);
    assert_eq!(answers[0].json()["error"], "invalid_client");
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn r66_a_repeated_parameter_is_refused_in_every_position() {
    let world = World::new().await;
    for name in ["grant_type", "client_id", "client_secret", "scope"] {
        for form in [format!("{name}=x&{}&{name}=y", good(&world)), format!("{}&{name}=&{name}=x", good(&world))] {
            let refused = ask(&world, &form).await;
            assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("invalid_request")), "{form}");
        }
    }
}

#[tokio::test]
async fn errors_follow_section_5_2() {
    let world = World::new().await;
    let credentials = format!("client_id={SUPPORT}&client_secret={}", world.secret);
    let cases = [
        (credentials.clone(), "invalid_request"),
        (format!("{credentials}&grant_type=password"), "unsupported_grant_type"),
        (format!("{}&scope=codes:write", good(&world)), "invalid_scope"),
        (format!("{}&scope=nothing", good(&world)), "invalid_scope"),
        (format!("{}&resource=https://other.example.com", good(&world)), "invalid_target"),
    ];
    for (form, error) in cases {
        let refused = ask(&world, &form).await;
        assert_eq!((refused.status, &refused.json()["error"]), (400, &json!(error)), "{form}");
        assert!(refused.json()["error_description"].is_string());
    }
    let json = world.send("POST", "/oidc/token", &[("content-type", "application/json")], "{}").await;
    assert_eq!((json.status, &json.json()["error"]), (415, &json!("invalid_request")));
    let get = world.send("GET", &format!("/oidc/token?{}", good(&world)), &[], "").await;
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
}

#[tokio::test]
async fn r72_r75_a_token_counts_in_its_header_and_while_its_client_and_secret_live() {
    let world = World::new().await;
    let (token, user) = (world.token().await, world.user("user123").await);
    let path = format!("/cis/v1/users/{user}");
    assert_eq!(world.call("GET", &path, &token, &Json::Null).await.status, 200);
    for path in [format!("{path}?access_token={token}"), path.clone()] {
        let refused = world.send("GET", &path, &[], "").await;
        assert_eq!(refused.status, 401, "{refused:?}");
        assert!(refused.header("www-authenticate").unwrap().starts_with("Bearer"));
    }
    for bad in ["", "x", &format!("{token}x"), token.trim_start_matches('e')] {
        assert_eq!(world.call("GET", &path, bad, &Json::Null).await.status, 401, "{bad}");
    }
    world.advance(601);
    assert_eq!(world.call("GET", &path, &token, &Json::Null).await.status, 401, "R68");

    let token = world.token().await;
    world.host.identity().set_client_active(world.host.tenant(), &Actor::system(), SUPPORT, false).await.unwrap();
    assert_eq!(world.call("GET", &path, &token, &Json::Null).await.status, 401, "R75");
}

#[tokio::test]
async fn r73_each_call_needs_its_scope_and_no_other_will_do() {
    let world = World::new().await;
    let user = world.user("user123").await;
    let send = |channel: &str| json!({ "channel": channel, "identifier_type": "user_id", "identifier": user });
    let by_id = format!("/cis/v1/users/{user}");
    let calls: [(&str, &str, Json, ClientScope); 6] = [
        ("POST", "/cis/v1/auth/otp/send", send("direct"), ClientScope::OtpDirect),
        ("POST", "/cis/v1/auth/otp/send", send("email"), ClientScope::OtpSend),
        ("POST", "/cis/v1/users", json!({ "username": "ann" }), ClientScope::UsersWrite),
        ("GET", &by_id, Json::Null, ClientScope::UsersRead),
        ("GET", "/cis/v1/users/email/ann@example.com", Json::Null, ClientScope::UsersRead),
        (
            "GET",
            "/cis/v1/users/identifier?identifier_name=user_id&identifier_value=x",
            Json::Null,
            ClientScope::UsersRead,
        ),
    ];
    for scope in ClientScope::ALL {
        let (client, secret) = world.client(&NewClient::confidential("default").scopes([scope])).await;
        let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", client.client_id);
        let token = ask(&world, &form).await.json()["access_token"].as_str().unwrap().to_owned();
        for (method, path, body, needed) in &calls {
            let reply = world.call(method, path, &token, body).await;
            let refused = reply.status == 403 && reply.header("www-authenticate").is_some();
            assert_eq!(refused, scope != *needed, "{scope} {method} {path}: {reply:?}");
        }
    }
}

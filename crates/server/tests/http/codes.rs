//! Codes: issued for support, to the byte as documented, and never for anybody else.

use serde_json::{Value as Json, json};
use wayfarer::NewUser;
use wayfarer::identity::{AuditQuery, Reason, UserRef};
use wayfarer::step::Actor;

use crate::rig::{Page, Reply, World, wrong};

const SEND: &str = "/cis/v1/auth/otp/send";

fn direct(further: &Json) -> Json {
    let mut body = json!({ "channel": "direct", "identifier_type": "external_user_id", "identifier": "user123" });
    body.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    body
}

fn refusal(reply: &Reply) -> (u16, String) {
    let json = reply.json();
    let names: Vec<_> = json.as_object().unwrap().keys().collect();
    assert_eq!(names, ["message", "error_code"], "{reply:?}");
    assert!(json["message"].is_string());
    (reply.status, json["error_code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn support_gets_a_code_once_and_the_trail_names_the_client() {
    let world = World::new().await;
    world.user("user123").await;
    let reply = world.call("POST", SEND, &world.token().await, &direct(&json!({ "expires_in": 600 }))).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")), "{reply:?}");
    let json = reply.json();
    assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), ["message", "code"]);
    let code = json["code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");

    let query = AuditQuery { name: Some("tempcode.issued".to_owned()), ..AuditQuery::default() };
    let page = world.host.identity().audit(world.host.tenant(), &query).await.unwrap();
    let [entry] = &page.entries[..] else { panic!("{page:?}") };
    assert_eq!((&*entry.fact.actor.kind, &*entry.fact.actor.id), ("client", "support"));

    world.advance(599);
    let mut page = Page::new(&world);
    let params = json!({ "external_user_id": "user123", "temp_code": code });
    page.start("temp_code_auth_journey", params).await;
    assert_eq!(page.last["data"]["state"], "completed", "{}", page.last);
}

#[tokio::test]
async fn every_kind_of_identifier_names_the_user() {
    let world = World::new().await;
    let new = NewUser {
        external_user_id: Some("user123".to_owned()),
        email: Some("ann@example.com".to_owned()),
        phone_number: Some("+4915112345678".to_owned()),
        username: Some("ann".to_owned()),
        ..NewUser::default()
    };
    let user = world.host.add_user(new).await.unwrap();
    let token = world.token().await;
    let named = [
        ("user_id", &*user.user_id),
        ("external_user_id", "user123"),
        ("email", "Ann@Example.com"),
        ("phone_number", "+49 151 12345678"),
        ("username", "ann"),
    ];
    for (kind, value) in named {
        let body = json!({ "channel": "direct", "identifier_type": kind, "identifier": value });
        assert_eq!(world.call("POST", SEND, &token, &body).await.status, 200, "{kind}");
    }
}

#[tokio::test]
async fn r6_a_lifetime_is_whole_seconds_within_bounds_and_nothing_is_cut_to_fit() {
    let world = World::new().await;
    world.user("user123").await;
    let token = world.token().await;
    for (seconds, digits) in [(60, 6), (600, 6), (601, 8), (3_600, 8)] {
        let reply = world.call("POST", SEND, &token, &direct(&json!({ "expires_in": seconds }))).await;
        assert_eq!(reply.json()["code"].as_str().map(str::len), Some(digits), "{reply:?}");
    }
    for bad in [json!(59), json!(3_601), json!(0), json!(-60), json!(600.0), json!("600"), Json::Null, json!([600])] {
        let reply = world.call("POST", SEND, &token, &direct(&json!({ "expires_in": bad }))).await;
        assert_eq!(refusal(&reply), (400, "system_invalid_input".to_owned()), "{bad}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_the_documented_word() {
    let world = World::new().await;
    world.user("user123").await;
    let token = world.token().await;
    let cases = [
        (json!({ "channel": "sms" }), 400, "external_provider_configuration_error"),
        (json!({ "channel": "email" }), 400, "external_provider_configuration_error"),
        (json!({ "channel": "pigeon" }), 400, "system_invalid_input"),
        (json!({ "channel": null }), 400, "system_invalid_input"),
        (json!({ "identifier_type": "shoe_size" }), 400, "system_invalid_input"),
        (json!({ "identifier": "" }), 400, "system_invalid_input"),
        (json!({ "identifier": 7 }), 400, "system_invalid_input"),
        (json!({ "identifier": "nobody" }), 404, "user_not_found"),
        (json!({ "generate_request_id": true }), 400, "system_invalid_input"),
        (json!({ "approval_data": {} }), 400, "system_invalid_input"),
        (json!({ "device_id": "x" }), 400, "system_invalid_input"),
        (json!({ "client_attributes": { "user_agent": "a\nb" } }), 400, "system_invalid_input"),
        (json!({ "expires": 600 }), 400, "system_invalid_input"),
    ];
    for (further, status, word) in cases {
        let reply = world.call("POST", SEND, &token, &direct(&further)).await;
        assert_eq!(refusal(&reply), (status, word.to_owned()), "{further}");
    }
    for missing in ["channel", "identifier_type", "identifier"] {
        let mut body = direct(&json!({}));
        body.as_object_mut().unwrap().remove(missing);
        let reply = world.call("POST", SEND, &token, &body).await;
        assert_eq!(refusal(&reply), (400, "system_invalid_input".to_owned()), "{missing}");
    }
    let reply = world.call("POST", SEND, &token, &json!([])).await;
    assert_eq!(refusal(&reply), (400, "system_invalid_input".to_owned()));
}

#[tokio::test]
async fn a_user_who_may_not_sign_in_gets_no_code_and_a_locked_one_does() {
    let world = World::new().await;
    let user = world.user("user123").await;
    let (token, who) = (world.token().await, UserRef::id(&user).unwrap());
    let code = world.code(&user).await;
    for _ in 0..3 {
        let params = json!({ "external_user_id": user, "temp_code": wrong(&code) });
        Page::new(&world).start("temp_code_auth_journey", params).await;
    }
    assert_eq!(world.call("POST", SEND, &token, &direct(&json!({}))).await.status, 200, "R11");
    let (identity, tenant, actor) = (world.host.identity(), world.host.tenant(), Actor::system());
    identity.unlock(tenant, &actor, &who, &Reason::new("a test").unwrap()).await.unwrap();
    identity.disable_user(tenant, &actor, &who).await.unwrap();
    let reply = world.call("POST", SEND, &token, &direct(&json!({}))).await;
    assert_eq!(refusal(&reply), (403, "user_not_active".to_owned()));
}

#[tokio::test]
async fn a_client_without_the_scope_learns_nothing_about_a_user() {
    let world = World::new().await;
    world.user("user123").await;
    let token = world.token_for(&[("scope", "users:write")]).await;
    let mut answers = Vec::new();
    for identifier in ["user123", "nobody"] {
        let body = direct(&json!({ "identifier": identifier }));
        answers.push(world.call("POST", SEND, &token, &body).await.timeless());
    }
    assert_eq!(refusal(&answers[0]), (403, "insufficient_scope".to_owned()));
    assert_eq!(answers[0], answers[1]);
}

//! Codes that a backend checks: by the same rules as in journeys, and telling no more than the caller may know.

use serde_json::{Value as Json, json};
use wayfarer::identity::{AuditQuery, ClientScope, NewClient, UserRef};
use wayfarer::step::Actor;

use crate::rig::{FORM, Page, Reply, World, wrong};

const CHECK: &str = "/cis/v1/auth/otp/authenticate";

fn body(user: &str, code: &str) -> Json {
    json!({ "identifier_type": "external_user_id", "identifier": user, "passcode": code })
}

/// The token of a backend with these scopes.
async fn token(world: &World, scopes: &[ClientScope]) -> String {
    let (client, secret) = world.client(&NewClient::confidential("default").scopes(scopes.iter().copied())).await;
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", client.client_id);
    world.send("POST", "/oidc/token", FORM, &form).await.json()["access_token"].as_str().unwrap().to_owned()
}

fn word(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["error_code"].as_str().unwrap().to_owned())
}

/// One refusal for each thing that can be wrong.
async fn every_refusal(world: &World, token: &str) -> Vec<(&'static str, Reply)> {
    let check = async |user: &str, code: &str| world.call("POST", CHECK, token, &body(user, code)).await;
    for user in ["wrong", "used", "expired", "revoked", "locked", "disabled", "none"] {
        world.user(user).await;
    }
    let (identity, tenant, actor) = (world.host.identity(), world.host.tenant(), Actor::system());
    let mut seen = vec![("unknown", check("nobody", "123456").await), ("none", check("none", "123456").await)];
    let code = world.code("wrong").await;
    seen.push(("wrong", check("wrong", &wrong(&code)).await));
    let code = world.code("used").await;
    assert_eq!(check("used", &code).await.status, 200);
    seen.push(("used", check("used", &code).await));
    let code = world.code("revoked").await;
    identity.revoke_code(tenant, &actor, &UserRef::id("revoked").unwrap()).await.unwrap();
    seen.push(("revoked", check("revoked", &code).await));
    let code = world.code("disabled").await;
    identity.disable_user(tenant, &actor, &UserRef::id("disabled").unwrap()).await.unwrap();
    seen.push(("disabled", check("disabled", &code).await));
    let code = world.code("locked").await;
    for _ in 0..3 {
        check("locked", &wrong(&code)).await;
    }
    seen.push(("locked", check("locked", &code).await));
    let code = world.code("expired").await;
    world.advance(300);
    seen.push(("expired", check("expired", &code).await));
    seen
}

#[tokio::test]
async fn a_right_code_gives_tokens_in_the_documented_shape() {
    let world = World::new().await;
    world.user("user123").await;
    let (code, token) = (world.code("user123").await, token(&world, &[ClientScope::OtpAuthenticate]).await);
    let mut sent = body("user123", &code);
    sent["client_attributes"] = json!({ "user_agent": "app/1", "ip_address": "203.0.113.7" });
    let reply = world.call("POST", CHECK, &token, &sent).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")), "{reply:?}");
    let json = reply.json();
    let names: Vec<_> = json.as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "id_token", "token_type", "expires_in", "session_id"]);
    assert_eq!((&json["token_type"], &json["expires_in"]), (&json!("Bearer"), &json!(600)));
    let mut page = Page::new(&world);
    page.start("temp_code_auth_journey", json!({ "external_user_id": "user123", "temp_code": code })).await;
    assert_eq!(page.last["data"]["state"], "rejected", "one code, one use, by whichever way");
    let query = AuditQuery { name: Some("tempcode.checked".to_owned()), ..AuditQuery::default() };
    let trail = world.host.identity().audit(world.host.tenant(), &query).await.unwrap();
    assert_eq!(trail.entries[0].fact.details["claimed_ip_address"], "203.0.113.7");
}

#[tokio::test]
async fn r38_all_eight_refusals_are_one_to_who_may_not_look_users_up() {
    let world = World::new().await;
    let token = token(&world, &[ClientScope::OtpAuthenticate]).await;
    let seen = every_refusal(&world, &token).await;
    assert_eq!(seen.len(), 8);
    let first = seen[0].1.clone().timeless();
    assert_eq!(word(&first), (400, "auth_invalid_credentials".to_owned()));
    for (why, reply) in seen {
        assert_eq!(reply.timeless(), first, "{why}");
    }
}

#[tokio::test]
async fn who_may_look_users_up_gets_the_documented_words() {
    let world = World::new().await;
    let token = token(&world, &[ClientScope::OtpAuthenticate, ClientScope::UsersRead]).await;
    let seen = every_refusal(&world, &token).await;
    let unknown = seen[0].1.clone().timeless();
    for (why, reply) in seen {
        match why {
            "expired" => assert_eq!(word(&reply), (400, "auth_otp_passcode_expired".to_owned())),
            "locked" => assert_eq!(word(&reply), (403, "auth_locked".to_owned())),
            _ => assert_eq!(reply.timeless(), unknown, "{why}"),
        }
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_counts_as_no_attempt() {
    let world = World::new().await;
    let user = world.user("user123").await;
    let code = world.code("user123").await;
    let token = token(&world, &[ClientScope::OtpAuthenticate]).await;
    let cases = [
        json!({ "passcode": null }),
        json!({ "passcode": 123_456 }),
        json!({ "passcode": "" }),
        json!({ "passcode": "1".repeat(65) }),
        json!({ "identifier_type": "shoe_size" }),
        json!({ "identifier": "" }),
        json!({ "request_id": "x" }),
        json!({ "session_id": "x" }),
        json!({ "resource": "x" }),
        json!({ "claims": {} }),
        json!({ "org_id": "x" }),
        json!({ "device_id": "x" }),
        json!({ "client_attributes": { "ip_address": "x" } }),
        json!({ "client_attributes": { "shoe_size": "x" } }),
        json!({ "passcodes": "x" }),
    ];
    for further in cases {
        let mut sent = body("user123", &code);
        sent.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
        let reply = world.call("POST", CHECK, &token, &sent).await;
        assert_eq!(word(&reply), (400, "system_invalid_input".to_owned()), "{further}");
    }
    let status = world.host.identity().code_status(world.host.tenant(), &UserRef::id(&user).unwrap()).await.unwrap();
    assert_eq!(status.attempts, 0);
    assert_eq!(word(&world.call("POST", CHECK, &world.token().await, &body("user123", &code)).await).0, 403);
}

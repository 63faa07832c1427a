//! Administration over HTTP: who may do what, what comes of it, and what the audit trail says of who did it.

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};

use crate::own::{Caller, TWO, handle, is_problem};
use crate::rig::{World, prompt};

/// A client that may do everything.
pub(crate) async fn boss(world: &World) -> String {
    let new = NewClient { client_id: Some("boss".to_owned()), ..NewClient::confidential("default") };
    let (_, secret) = world.client(&new.scopes(ClientScope::ALL)).await;
    world.token_of("boss", &secret, "").await
}

#[tokio::test]
async fn users_are_added_found_listed_and_switched() {
    let world = World::new().await;
    let token = boss(&world).await;
    let new = json!({ "external_user_id": "user/1 2", "email": "Ann@Example.com" });
    let added = world.manage("POST", "/admin/v1/users", &token, &new).await;
    let ann = added.json();
    assert_eq!((added.status, &ann["email"], &ann["active"]), (201, &json!("ann@example.com"), &json!(true)), "{ann}");
    let id = ann["user_id"].as_str().unwrap();
    assert_eq!(world.manage("GET", &format!("/admin/v1/users/{id}"), &token, &Json::Null).await.json(), ann);
    assert_eq!(world.manage("GET", "/admin/v1/users/user%2F1%202", &token, &Json::Null).await.json(), ann);
    let find = json!({ "identifier_type": "email", "identifier": "ann@example.COM" });
    assert_eq!(world.manage("POST", "/admin/v1/users/find", &token, &find).await.json(), ann);
    is_problem(&world.manage("POST", "/admin/v1/users", &token, &new).await, 409, "identifier_taken");
    is_problem(&world.manage("POST", "/admin/v1/users", &token, &json!({ "email": "x@" })).await, 422, "rule_broken");
    is_problem(&world.manage("POST", "/admin/v1/users", &token, &json!({ "mail": "x" })).await, 400, "invalid_input");
    is_problem(&world.manage("GET", "/admin/v1/users/nobody", &token, &Json::Null).await, 404, "unknown_user");

    let off = world.manage("POST", &format!("/admin/v1/users/{id}/disable"), &token, &json!({})).await;
    assert_eq!((off.status, &off.json()["active"]), (200, &json!(false)));
    let on = world.manage("POST", &format!("/admin/v1/users/{id}/enable"), &token, &json!({})).await;
    assert_eq!(on.json(), ann);

    for number in 0..4 {
        world.user(&format!("u{number}")).await;
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = world.manage("GET", &format!("/admin/v1/users?limit=2{after}"), &token, &Json::Null).await.json();
        let users = page["users"].as_array().unwrap();
        assert!(users.len() <= 2);
        seen.extend(users.iter().map(|user| user["user_id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 5);
    let bad = [
        ("limit=0", 422),
        ("limit=201", 422),
        ("limit=x", 422),
        ("after=!", 422),
        ("limit=", 400),
        ("page=1", 400),
        ("limit=1&limit=2", 400),
    ];
    for (query, status) in bad {
        let refused = world.manage("GET", &format!("/admin/v1/users?{query}"), &token, &Json::Null).await;
        assert_eq!(refused.status, status, "{query}");
    }
}

#[tokio::test]
async fn r62_r75_clients_are_added_with_a_secret_that_is_shown_once() {
    let world = World::new().await;
    let token = boss(&world).await;
    let new = json!({ "client_id": "desk", "name": "Desk", "scopes": ["users:read"], "journeys": ["two"] });
    let added = world.manage("POST", "/admin/v1/clients", &token, &new).await;
    assert_eq!(added.status, 201, "{added:?}");
    let secret = added.json()["client_secret"].as_str().unwrap().to_owned();
    let desk = world.token_of("desk", &secret, "").await;
    let shown = world.manage("GET", "/admin/v1/clients/desk", &token, &Json::Null).await;
    assert_eq!(shown.json(), added.json()["client"]);
    let listed = world.manage("GET", "/admin/v1/clients", &token, &Json::Null).await;
    assert!(listed.body.contains("\"desk\"") && !listed.body.contains(&secret) && !shown.body.contains("wfs_"));

    let rotated = world.manage("POST", "/admin/v1/clients/desk/rotate", &token, &json!({})).await;
    let newer = rotated.json()["client_secret"].as_str().unwrap().to_owned();
    assert_eq!(rotated.json()["client"]["secrets"].as_array().unwrap().len(), 2);
    world.token_of("desk", &secret, "").await;
    world.token_of("desk", &newer, "").await;

    let users = || world.manage("GET", "/admin/v1/users", &desk, &Json::Null);
    assert_eq!(users().await.status, 200);
    let off = world.manage("POST", "/admin/v1/clients/desk/disable", &token, &json!({})).await;
    assert_eq!(off.json()["active"], false);
    is_problem(&users().await, 401, "unauthorized");
    world.manage("POST", "/admin/v1/clients/desk/enable", &token, &json!({})).await;
    assert_eq!(users().await.status, 200);
    let public = json!({ "public": true, "scopes": ["journeys:run"], "origins": ["https://a.example"] });
    let added = world.manage("POST", "/admin/v1/clients", &token, &public).await.json();
    assert!(added.get("client_secret").is_none() && added["client"]["public"] == true, "{added}");
    let own = added["client"]["client_id"].as_str().unwrap();
    let refused = world.manage("POST", &format!("/admin/v1/clients/{own}/rotate"), &token, &json!({})).await;
    is_problem(&refused, 422, "rule_broken");
}

#[tokio::test]
async fn r73_nobody_gives_what_they_have_not() {
    let world = World::new().await;
    boss(&world).await;
    let new = NewClient { client_id: Some("clerk".to_owned()), ..NewClient::confidential("default") };
    let (_, secret) = world.client(&new.scopes([ClientScope::ClientsWrite, ClientScope::UsersRead])).await;
    let token = world.token_of("clerk", &secret, "").await;
    let add = |scopes: Json| {
        let (world, token) = (&world, &token);
        async move { world.manage("POST", "/admin/v1/clients", token, &json!({ "scopes": scopes })).await }
    };
    assert_eq!(add(json!(["users:read"])).await.status, 201);
    for word in ["otp:direct", "audit:read", "clients:read"] {
        is_problem(&add(json!([word])).await, 403, "forbidden");
    }
    is_problem(&add(json!(["users:fly"])).await, 400, "invalid_input");
    for verb in ["rotate", "enable"] {
        let refused = world.manage("POST", &format!("/admin/v1/clients/boss/{verb}"), &token, &json!({})).await;
        is_problem(&refused, 403, "forbidden");
    }
    let narrow = world.token_of("clerk", &secret, "clients:write").await;
    let refused = world.manage("POST", "/admin/v1/clients", &narrow, &json!({ "scopes": ["users:read"] })).await;
    is_problem(&refused, 403, "forbidden");
}

#[tokio::test]
async fn codes_are_issued_by_a_person_who_is_named_and_recorded() {
    let world = World::new().await;
    let token = boss(&world).await;
    let id = world.user("user123").await;
    let base = "/admin/v1/users/user123/codes";
    let issued = world.manage("POST", base, &token, &json!({ "expires_in": 600, "evidence": "case 7" })).await;
    assert_eq!(issued.status, 201, "{issued:?}");
    let code = issued.json()["code"].as_str().unwrap().to_owned();
    assert_eq!((code.len(), &issued.json()["user_id"]), (6, &json!(id)));
    let status = || async { world.manage("GET", base, &token, &Json::Null).await.json() };
    assert_eq!(status().await["code"]["status"], "live");
    assert!(!status().await.to_string().contains(&code));

    let caller = Caller::new(&world);
    let guess = json!({ "external_user_id": "user123", "temp_code": crate::rig::wrong(&code) });
    for _ in 0..3 {
        caller.start("temp_code_auth_journey", guess.clone()).await;
    }
    assert!(status().await["locked_until"].is_string());
    let unlocked = world.manage("POST", &format!("{base}/unlock"), &token, &json!({ "reason": "called back" })).await;
    assert_eq!(unlocked.json(), json!({ "done": true }));
    assert_eq!(status().await.get("locked_until"), None);
    let enabled = world.manage("POST", &format!("{base}/enable"), &token, &json!({ "reason": "x" })).await;
    assert_eq!(enabled.json(), json!({ "done": false }));
    world.manage("POST", base, &token, &json!({})).await;
    let revoked = world.manage("POST", &format!("{base}/revoke"), &token, &json!({})).await;
    assert_eq!((revoked.json(), &status().await["code"]["status"]), (json!({ "done": true }), &json!("revoked")));

    let trail = world.manage("GET", &format!("/admin/v1/audit?name=tempcode.&user_id={id}"), &token, &Json::Null).await;
    let by = |name: &str| {
        let entries = trail.json()["entries"].as_array().unwrap().clone();
        entries.into_iter().find(|entry| entry["name"] == name).unwrap_or_else(|| panic!("no {name}"))
    };
    for name in ["tempcode.issued", "tempcode.unlocked", "tempcode.revoked"] {
        assert_eq!(by(name)["actor"], json!({ "kind": "agent", "id": "boss/sam" }), "{name}");
    }
    assert_eq!(
        (&by("tempcode.unlocked")["reason"], &by("tempcode.issued")["details"]["evidence"]),
        (&json!("called back"), &json!("case 7"))
    );
    assert!(!trail.body.contains(&code));

    let bearer = format!("Bearer {token}");
    let plain = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    is_problem(&World::send_to(world.admin, "POST", base, &plain, "{}").await, 400, "invalid_input");
    for (body, status) in
        [(json!({ "expires_in": 59 }), 422), (json!({ "expires_in": "600" }), 422), (json!({ "reason": "x" }), 400)]
    {
        assert_eq!(world.manage("POST", base, &token, &body).await.status, status, "{body}");
    }
    is_problem(&world.manage("POST", base, &token, &json!({ "application": "other" })).await, 403, "forbidden");
    world.manage("POST", "/admin/v1/users/user123/disable", &token, &json!({})).await;
    is_problem(&world.manage("POST", base, &token, &json!({})).await, 409, "user_disabled");
}

#[tokio::test]
async fn runs_are_listed_shown_and_ended() {
    let world = World::with(prompt(), &[TWO]).await;
    let token = boss(&world).await;
    let caller = Caller::new(&world);
    let mine = handle(&caller.start("two", json!({ "greeting": "hunter2" })).await);
    caller.start("temp_code_auth_journey", json!({ "external_user_id": "x", "temp_code": "123456" })).await;
    let list = |query: &'static str| {
        let (world, token) = (&world, &token);
        async move {
            world.manage("GET", &format!("/admin/v1/runs{query}"), token, &Json::Null).await.json()["runs"].clone()
        }
    };
    assert_eq!(list("").await.as_array().unwrap().len(), 2);
    let waiting = list("?status=waiting").await;
    assert_eq!(
        (waiting.as_array().unwrap().len(), &waiting[0]["journey"], &waiting[0]["client_id"]),
        (1, &json!("two"), &json!("web"))
    );
    assert_eq!(list("?journey=two&status=rejected").await, json!([]));
    assert_eq!(list("?client_id=nobody").await, json!([]));
    for query in ["status=odd", "journey=%20", "client_id=a/b"] {
        let refused = world.manage("GET", &format!("/admin/v1/runs?{query}"), &token, &Json::Null).await;
        is_problem(&refused, 422, "rule_broken");
    }
    let id = waiting[0]["run_id"].as_str().unwrap();
    let story = world.manage("GET", &format!("/admin/v1/runs/{id}"), &token, &Json::Null).await;
    let json = story.json();
    assert_eq!((&json["path"], &json["facts"][0]["name"]), (&json!(["one"]), &json!("journey.started")), "{json}");
    assert!(!story.body.contains("hunter2"), "what a journey was given stays with it");

    let end = format!("/admin/v1/runs/{id}/end");
    let ended = world.manage("POST", &end, &token, &json!({ "reason": "stuck" })).await;
    assert_eq!(
        (ended.status, &ended.json()["status"], &ended.json()["code"]),
        (200, &json!("failed"), &json!("ended_by_administrator"))
    );
    assert_eq!(caller.current(&mine).await.json(), json!({ "status": "failed" }));
    is_problem(&caller.submit(&mine, json!({ "a": "1" })).await, 404, "stale_handle");
    let again = world.manage("POST", &end, &token, &json!({ "reason": "stuck" })).await;
    assert_eq!(again.json(), ended.json());
    let trail = world.manage("GET", "/admin/v1/audit?name=journey.ended", &token, &Json::Null).await.json();
    assert_eq!(trail["entries"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&trail["entries"][0]["actor"]["id"], &trail["entries"][0]["reason"]),
        (&json!("boss/sam"), &json!("stuck"))
    );
    is_problem(
        &world.manage("GET", "/admin/v1/runs/01234567-89ab-7def-8123-456789abcdef", &token, &Json::Null).await,
        404,
        "unknown_run",
    );
}

#[tokio::test]
async fn r118_the_audit_trail_is_read_by_pages_and_verified() {
    let world = World::new().await;
    let token = boss(&world).await;
    for number in 0..5 {
        world.user(&format!("u{number}")).await;
    }
    let (mut seen, mut after) = (0, String::new());
    loop {
        let path = format!("/admin/v1/audit?name=user.added&limit=2{after}");
        let page = world.manage("GET", &path, &token, &Json::Null).await.json();
        seen += page["entries"].as_array().unwrap().len();
        let Some(next) = page["next"].as_u64() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, 5);
    let verdict = world.manage("GET", "/admin/v1/audit/verify", &token, &Json::Null).await.json();
    assert_eq!((&verdict["whole"], &verdict["faults"]), (&json!(true), &json!([])));
    assert!(verdict["entries"].as_u64().unwrap() >= 5);
    for (query, status) in [("since=yesterday", 422), ("after=-1", 422), ("run_id=1", 422), ("who=x", 400)] {
        let refused = world.manage("GET", &format!("/admin/v1/audit?{query}"), &token, &Json::Null).await;
        assert_eq!(refused.status, status, "{query}");
    }
    let applications = world.manage("GET", "/admin/v1/applications", &token, &Json::Null).await.json();
    assert_eq!(applications["applications"][0]["one_time_passcodes"]["max_attempts"], 3);
}

#[tokio::test]
async fn r89_administration_is_not_where_applications_call() {
    let world = World::new().await;
    let token = boss(&world).await;
    let bearer = format!("Bearer {token}");
    for path in ["/admin/v1/users", "/admin/v1/audit", "/health", "/ready"] {
        let reply = world.send("GET", path, &[("authorization", &bearer)], "").await;
        is_problem(&reply, 404, "not_found");
    }
    for path in ["/v1/runs/current", "/.well-known/jwks.json"] {
        let reply = World::send_to(world.admin, "GET", path, &[("authorization", &bearer)], "").await;
        is_problem(&reply, 404, "not_found");
    }
    let codes = World::send_to(world.admin, "POST", "/cis/v1/auth/otp/send", &[("authorization", &bearer)], "").await;
    assert_eq!(codes.status, 404, "{codes:?}");
}

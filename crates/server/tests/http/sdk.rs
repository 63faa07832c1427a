//! Starts: what the official SDK sends and what it reads, also where something is wrong.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient, TokenKind};
use wayfarer::step::{Actor, Secret};

use crate::rig::{Page, Reply, WEB, World, prompt};

const JOURNEY: &str = "temp_code_auth_journey";

const ODD: &str = r#"
journey: odd
params: { count: integer }
steps: { done: { type: complete_journey, with: { data: { count: "@policy.request().params.count" } } } }
"#;

const SUB: &str = r#"
journey: below
kind: sub
steps: { done: { type: complete_journey } }
"#;

/// Every answer is a whole envelope.
#[track_caller]
fn envelope(reply: &Reply) -> Json {
    let json = reply.json();
    assert_eq!(
        json.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["error_code", "error_message", "headers", "data"]
    );
    assert!(json["headers"].is_array() && json["data"].is_object(), "{json}");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    json
}

#[tokio::test]
async fn a_right_code_completes_with_both_flags_and_a_token_that_is_worth_something() {
    let world = World::new().await;
    let user = world.user("user123").await;
    let code = world.code("user123").await;
    let reply = Page::new(&world).start(JOURNEY, json!({ "external_user_id": "user123", "temp_code": code })).await;
    let json = envelope(&reply);
    assert_eq!((reply.status, &json["error_code"]), (200, &json!(0)));
    let data = json["data"].as_object().unwrap();
    assert_eq!(data.keys().collect::<Vec<_>>(), ["state", "assertions_complete", "token"]);
    assert_eq!((&data["state"], &data["assertions_complete"]), (&json!("completed"), &json!(true)));

    let token = Secret::new(data["token"].as_str().unwrap().to_owned());
    let (identity, tenant) = (world.host.identity(), world.host.tenant());
    let claims = identity.introspect(tenant, "default", TokenKind::Access, &token).await.unwrap().unwrap();
    assert_eq!(
        (claims.sub.as_str(), &claims.amr[..], claims.acr.as_str()),
        (&*user, &["tac".to_owned()][..], "recovery")
    );

    let keys = world.send("GET", "/.well-known/jwks.json", &[], "").await.json();
    let [_, _, _] = token.expose().split('.').collect::<Vec<_>>()[..] else { panic!("no JWT") };
    assert!(keys["keys"].as_array().is_some_and(|keys| !keys.is_empty()), "{keys}");
}

#[tokio::test]
async fn a_journey_without_a_user_completes_without_a_token() {
    let world = World::with(prompt(), &[ODD]).await;
    let json = envelope(&Page::new(&world).start("odd", json!({ "count": 7 })).await);
    assert_eq!(json["data"], json!({ "state": "completed", "data": { "count": 7 }, "assertions_complete": true }));
}

#[tokio::test]
async fn undeclared_parameters_are_dropped_unread_and_wrong_types_are_an_ordinary_rejection() {
    let world = World::with(prompt(), &[ODD]).await;
    let more =
        json!({ "count": 7, "temp_code": "123456", "__proto__": {}, "acr": "login", "user": { "deep": [[[[1]]]] } });
    let json = envelope(&Page::new(&world).start("odd", more).await);
    assert_eq!(json["data"]["data"], json!({ "count": 7 }));
    for params in
        [json!({ "count": "seven" }), json!({}), Json::Null, json!([7]), json!("seven"), json!({ "count": null })]
    {
        let reply = Page::new(&world).start("odd", params.clone()).await;
        let json = envelope(&reply);
        assert_eq!((reply.status, &json["error_code"]), (400, &json!(4001)), "{params}");
        assert_eq!(json["error_message"], "Session rejected");
        assert_eq!(json["data"], json!({ "state": "rejected", "assertions_complete": false }));
    }
}

#[tokio::test]
async fn law_5_the_correlation_id_names_the_start() {
    let world = World::new().await;
    world.user("user123").await;
    let code = world.code("user123").await;
    let params = json!({ "external_user_id": "user123", "temp_code": code });
    let page = Page::new(&world);
    let first = page.begin(JOURNEY, params.clone()).await;
    assert_eq!(first.json()["data"]["state"], "completed");
    // The code is used, and yet: it is the stored answer, also with what the SDK adds of an earlier start.
    let mut same = params.clone();
    same["left_over"] = json!("x");
    assert_eq!(page.begin(JOURNEY, same).await.timeless(), first.clone().timeless());

    let mut other = params.clone();
    other["temp_code"] = json!("000000");
    let conflict = page.begin(JOURNEY, other).await;
    assert_eq!((conflict.status, &envelope(&conflict)["error_code"]), (409, &json!(4009)));

    let stranger = NewClient { client_id: Some("app".to_owned()), ..NewClient::confidential("default") };
    world.client(&stranger.scopes([ClientScope::JourneysRun])).await;
    let mut elsewhere = Page::new(&world);
    (elsewhere.client, elsewhere.origin) = ("app".to_owned(), None);
    elsewhere.correlation.clone_from(&page.correlation);
    assert_eq!(elsewhere.begin(JOURNEY, params.clone()).await.json()["data"]["state"], "rejected", "another client's");

    world.advance(61);
    assert_eq!(page.begin(JOURNEY, params).await.json()["data"]["state"], "rejected", "the answer is erased");
}

#[tokio::test]
async fn journeys_that_the_client_may_not_start_are_not_there() {
    let world = World::with(prompt(), &[ODD, SUB]).await;
    let listed = NewClient {
        client_id: Some("listed".to_owned()),
        journeys: Some(BTreeSet::from([JOURNEY.to_owned()])),
        ..NewClient::confidential("default")
    };
    world.client(&listed.scopes([ClientScope::JourneysRun])).await;
    let mut answers = Vec::new();
    for (client, journey) in [(WEB, "no_such"), (WEB, "below"), (WEB, ""), ("listed", "odd")] {
        let mut page = Page::new(&world);
        (page.client, page.origin) = (client.to_owned(), None);
        answers.push(page.start(journey, json!({ "count": 7 })).await.timeless());
    }
    assert_eq!((answers[0].status, &envelope(&answers[0])["error_code"]), (404, &json!(4004)));
    assert!(answers.iter().all(|answer| answer.body == answers[0].body), "{answers:?}");
    let mut page = Page::new(&world);
    (page.client, page.origin) = ("listed".to_owned(), None);
    assert_eq!(
        page.start(JOURNEY, json!({ "external_user_id": "x", "temp_code": "1" })).await.json()["error_code"],
        4001
    );
}

#[tokio::test]
async fn a_client_that_may_not_call_is_refused_whatever_is_wrong_with_it() {
    let world = World::new().await;
    world.client(&NewClient { client_id: Some("scopeless".to_owned()), ..NewClient::confidential("default") }).await;
    let gone = NewClient { client_id: Some("gone".to_owned()), ..NewClient::confidential("default") };
    world.client(&gone.scopes([ClientScope::JourneysRun])).await;
    world.host.identity().set_client_active(world.host.tenant(), &Actor::system(), "gone", false).await.unwrap();
    let mut answers = Vec::new();
    for client in ["nobody", "scopeless", "gone", "support"] {
        let mut page = Page::new(&world);
        (page.client, page.origin) = (client.to_owned(), None);
        answers.push(page.start(JOURNEY, json!({})).await.timeless());
    }
    assert_eq!((answers[0].status, &envelope(&answers[0])["error_code"]), (403, &json!(4003)));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn what_cannot_be_understood_still_gets_a_whole_envelope() {
    let world = World::new().await;
    let path = |query: &str| format!("/ido/api/v2/auth/anonymous_invoke{query}");
    let typed = &[("content-type", "application/json")][..];
    let start = r#"{"headers":[],"data":{"policy_request_id":"temp_code_auth_journey"}}"#;
    let cases = [
        (path("?clientId=web"), typed, "{", 400),
        (path("?clientId=web"), typed, "null", 400),
        (path("?clientId=web"), typed, r#"{"data":[]}"#, 400),
        (path("?clientId=web"), typed, r#"{"headers":{},"data":{}}"#, 400),
        (path("?clientId=web"), typed, r#"{"headers":[],"data":{}}"#, 400),
        (path("?clientId=web"), typed, r#"{"data":{"policy_request_id":7}}"#, 400),
        (path("?clientId=web"), &[("content-type", "text/plain")], start, 415),
        (path("?clientId=web"), &[], start, 415),
        (path(""), typed, start, 400),
        (path("?clientId=web&clientId=web"), typed, start, 400),
        ("/ido/api/v2/auth/sso?clientId=web".to_owned(), typed, start, 501),
        ("/ido/api/v2/auth/create_debug_token?clientId=web".to_owned(), typed, r#"{"data":{}}"#, 501),
        ("/ido/api/v2/auth/key_exchange?clientId=web".to_owned(), typed, start, 400),
        ("/ido/api/v2/auth/mobile_approve?clientId=web".to_owned(), typed, start, 404),
    ];
    for (path, headers, body, status) in cases {
        let reply = world.send("POST", &path, headers, body).await;
        assert_eq!(
            (reply.status, envelope(&reply)["data"]["state"].as_str()),
            (status, Some("rejected")),
            "{path} {body}"
        );
    }
    let get = world.send("GET", &path("?clientId=web"), &[], "").await;
    assert_eq!(get.status, 405);
    envelope(&get);
    // The base may end with a slash, and newer SDKs send more.
    let more = r#"{"headers":[{"type":"new"}],"new":1,"data":{"policy_request_id":"temp_code_auth_journey","new":1}}"#;
    let reply = world.send("POST", "/ido//api/v2/auth/anonymous_invoke?clientId=web&new=1", typed, more).await;
    assert_eq!(envelope(&reply)["error_code"], 4001);
}

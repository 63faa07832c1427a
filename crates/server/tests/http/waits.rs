//! A page waits for another device: it asks whether that is over, and then gets what came of it.

use serde_json::{Value as Json, json};

use crate::rig::{Page, World, prompt};

async fn poll(page: &Page<'_>, ticket: &Json) -> Json {
    let data = json!({ "polling_timeout": 3, "ticket_id": ticket, "type": "ticket" });
    page.post("poll", &data).await.json()
}

#[tokio::test]
async fn the_page_learns_when_the_other_device_has_answered() {
    let world = World::new().await;
    world.user("user123").await;
    let code = world.code("user123").await;
    let mut page = Page::new(&world);
    page.start("hand_over_start", json!({ "device_name": "Kiosk" })).await;
    let element = page.element().clone();
    assert_eq!((&element["type"], &element["title"]), (&json!("wait_for_ticket"), &json!("Go on with your phone")));
    assert_eq!(element["escapes"], json!([{ "id": "cancel", "display_name": "Cancel" }]));
    let (ticket, message) = (&element["raw_ticket_id"], &element["content"]);
    assert_ne!(ticket, &element["assertion_id"], "a page may show the ticket, but never the handle");
    let quiet = poll(&page, ticket).await;
    assert_eq!((&quiet["error_code"], &quiet["data"]), (&json!(0), &json!({ "change_detected": false })));

    page.input(Json::Null).await;
    assert_eq!(
        (&page.element()["type"], &page.element()["assertion_id"]),
        (&json!("wait_for_ticket"), &element["assertion_id"])
    );

    let mut phone = Page::new(&world);
    phone.start("hand_over_finish", json!({ "message_id": message })).await;
    phone.input(json!({ "identifier": "user123", "temp_code": code })).await;
    assert_eq!(phone.last["data"]["state"], "completed", "{}", phone.last);

    assert_eq!(poll(&page, ticket).await["data"], json!({ "change_detected": true }));
    page.input(Json::Null).await;
    assert_eq!(page.last["data"]["state"], "completed", "{}", page.last);
    assert_eq!(page.last["data"]["data"]["message"], "You are signed in on your other device.");
    assert!(page.last["data"].get("token").is_none(), "nobody was proven here");
}

#[tokio::test]
async fn a_wait_that_is_over_by_time_is_a_change() {
    let world = World::new().await;
    let mut page = Page::new(&world);
    page.start("hand_over_start", json!({ "device_name": "Kiosk" })).await;
    let ticket = page.element()["raw_ticket_id"].clone();
    world.advance(301);
    assert_eq!(poll(&page, &ticket).await["data"], json!({ "change_detected": true }));
    page.input(Json::Null).await;
    assert_eq!(page.last["data"]["data"]["message"], "Nobody has answered in time. Please begin again.");
}

#[tokio::test]
async fn a_ticket_tells_nothing_to_whoever_has_not_the_run() {
    let world = World::new().await;
    let (mut page, mut other) = (Page::new(&world), Page::new(&world));
    page.start("hand_over_start", json!({ "device_name": "Kiosk" })).await;
    other.start("hand_over_start", json!({ "device_name": "Kiosk" })).await;
    let ticket = page.element()["raw_ticket_id"].clone();
    for (page, ticket) in [(&other, &ticket), (&page, &json!("x")), (&page, &other.element()["raw_ticket_id"])] {
        assert_eq!(poll(page, ticket).await["error_code"], 4001);
    }
    page.sid = None;
    assert_eq!(poll(&page, &ticket).await["error_code"], 4001);
    assert_eq!(poll(&page, &json!(7)).await["error_code"], 4000);
}

#[tokio::test]
async fn a_wait_can_be_given_up() {
    let world = World::with(prompt(), &[]).await;
    let mut page = Page::new(&world);
    page.start("hand_over_start", json!({ "device_name": "Kiosk" })).await;
    page.escape("cancel").await;
    assert_eq!(page.last["data"]["data"]["message"], "You can come back at any time.");
}

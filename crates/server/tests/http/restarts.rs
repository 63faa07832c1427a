//! The server ends at each wait of a run, and another on the same store goes on with it (law 10).

use std::path::Path;

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient, Origin};
use wayfarer::{ManualClock, Wayfarer};

use crate::handles::THREE;
use crate::rig::{ORIGIN, Page, WEB, World, prompt};

async fn open(folder: &Path, clock: &ManualClock) -> World {
    let builder = Wayfarer::in_folder(folder.join("data"), folder.join("keys"));
    World::on(builder, clock.clone(), prompt(), &[THREE]).await
}

async fn web(world: &World) {
    let new = NewClient { client_id: Some(WEB.to_owned()), confidential: false, ..NewClient::confidential("default") };
    let new = NewClient { origins: vec![Origin::new(ORIGIN).unwrap()], ..new };
    world.client(&new.scopes([ClientScope::JourneysRun])).await;
}

#[tokio::test]
async fn law_10_a_run_goes_on_after_a_restart_at_each_wait() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), ManualClock::default());
    let mut world = open(folder.path(), &clock).await;
    web(&world).await;
    let mut page = Page::new(&world);
    page.start("three", json!({})).await;
    let (sid, mut last) = (page.sid.clone(), page.last.clone());
    for input in [json!({ "a": "1" }), json!({ "b": "2" }), Json::Null] {
        world.stop().await;
        world = open(folder.path(), &clock).await;
        let mut page = Page { sid: sid.clone(), last: last.clone(), ..Page::new(&world) };
        let mut sent = page.assertion("action");
        sent["input"] = input;
        let first = page.assert(&sent).await;
        assert_eq!(first.status, 200, "{first:?}");
        last = page.last.clone();

        // The answer was lost with the server: the same again gets the same.
        world.stop().await;
        world = open(folder.path(), &clock).await;
        let page = Page { sid: sid.clone(), ..Page::new(&world) };
        assert_eq!(page.post("assert", &sent).await.timeless(), first.timeless());
    }
    assert_eq!(last["data"]["data"], json!({ "a": "1", "b": "2" }), "{last}");
}

#[tokio::test]
async fn r9_a_count_and_a_lock_outlive_the_server() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), ManualClock::default());
    let mut world = open(folder.path(), &clock).await;
    web(&world).await;
    world.user("user123").await;
    let code = world.code("user123").await;
    let wrong = crate::rig::wrong(&code);
    for (typed, why) in [(&wrong, "1"), (&wrong, "2"), (&wrong, "3"), (&code, "locked")] {
        world.stop().await;
        world = open(folder.path(), &clock).await;
        let mut page = Page::new(&world);
        page.start("temp_code_auth_journey", json!({ "external_user_id": "user123", "temp_code": typed })).await;
        assert_eq!(page.last["data"]["state"], "rejected", "{why}");
    }
}

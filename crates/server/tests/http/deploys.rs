//! Journeys over HTTP: what is deployed serves at once or not at all, versions are chosen, and each change has a name to it.

use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};

use crate::administration::boss;
use crate::own::{Caller, handle, is_problem};
use crate::rig::{Reply, World};

fn saying(text: &str) -> String {
    format!("journey: greet\nsteps:\n  end: {{ type: complete_journey, with: {{ data: {{ says: {text} }} }} }}\n")
}

const BROKEN: &str = "journey: other\nsteps: { a: { type: complete_journy } }\n";

fn file(name: &str, text: &str) -> Json {
    json!({ "name": name, "text": text })
}

struct Desk<'a> {
    world: &'a World,
    token: String,
}

impl Desk<'_> {
    async fn post(&self, path: &str, body: Json) -> Reply {
        self.world.manage("POST", &format!("/admin/v1/journeys{path}"), &self.token, &body).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.world.manage("GET", &format!("/admin/v1/journeys{path}"), &self.token, &Json::Null).await
    }

    async fn deploy(&self, text: &str) -> Reply {
        self.post("", json!({ "files": [file("greet.yaml", text)] })).await
    }

    async fn says(&self) -> Json {
        Caller::new(self.world).start("greet", json!({})).await.json()["data"]["says"].clone()
    }

    async fn trail(&self, name: &str) -> Json {
        let path = format!("/admin/v1/audit?name={name}");
        self.world.manage("GET", &path, &self.token, &Json::Null).await.json()["entries"].clone()
    }
}

#[tokio::test]
async fn what_is_deployed_serves_at_once_and_is_on_record() {
    let world = World::new().await;
    let desk = Desk { world: &world, token: boss(&world).await };
    let body = json!({ "files": [file("greet.yaml", &saying("v1"))], "note": "ticket 7" });
    let deployed = desk.post("", body.clone()).await;
    let change = json!({ "change": "journey.deployed", "journey": "greet", "version": 1 });
    assert_eq!((deployed.status, deployed.json()), (200, json!({ "changes": [change], "fallen": [] })), "{deployed:?}");
    assert_eq!(desk.says().await, "v1");
    assert_eq!(desk.post("", body).await.json()["changes"], json!([]), "it says what it said before");

    desk.deploy(&saying("v2")).await;
    assert_eq!(desk.says().await, "v2");
    let shown = desk.get("/greet").await.json();
    assert_eq!((&shown["live"], shown["versions"].as_array().unwrap().len()), (&json!(2), 2), "{shown}");
    let first = &shown["versions"][1];
    assert_eq!((&first["note"], &first["by"]["id"]), (&json!("ticket 7"), &json!("boss/sam")), "{first}");
    let trail = desk.trail("journey.deployed").await;
    let last = trail.as_array().unwrap().iter().rfind(|entry| entry["journey"] == "greet").unwrap();
    assert_eq!(last["actor"], json!({ "kind": "agent", "id": "boss/sam" }));
    assert_eq!(last["details"]["version"], 2);
}

#[tokio::test]
async fn r56_a_mistake_in_one_file_changes_nothing_and_is_told() {
    let world = World::new().await;
    let desk = Desk { world: &world, token: boss(&world).await };
    desk.deploy(&saying("v1")).await;
    let files = [file("greet.yaml", &saying("v2")), file("other.yaml", BROKEN)];
    let refused = desk.post("", json!({ "files": files })).await;
    is_problem(&refused, 422, "faulty_journey");
    let finding = &refused.json()["findings"][0];
    assert_eq!((&finding["file"], &finding["line"]), (&json!("other.yaml"), &json!(2)), "{finding}");
    assert_eq!((&finding["severity"], finding["code"].is_string()), (&json!("error"), true));
    assert_eq!(desk.says().await, "v1");
    assert_eq!(desk.get("").await.json()["journeys"].as_array().unwrap().len(), 1);
    assert_eq!(desk.get("/greet").await.json()["versions"].as_array().unwrap().len(), 1);

    for (body, status, code) in [
        (json!({ "files": [] }), 400, "invalid_input"),
        (json!({ "files": [file("", "x")] }), 422, "rule_broken"),
        (json!({ "files": [file("a\nb", "x")] }), 422, "rule_broken"),
        (json!({ "files": [file("a", &saying("v2"))], "percent": 0 }), 422, "rule_broken"),
        (json!({ "files": [file("a", &saying("v2"))], "percent": 100 }), 422, "rule_broken"),
        (json!({ "files": [file("a", &saying("v2"))], "note": "" }), 422, "rule_broken"),
        (json!({ "files": [file("a", &"#".repeat(64 << 10))] }), 413, "too_large"),
    ] {
        is_problem(&desk.post("", body).await, status, code);
    }
    assert_eq!(desk.says().await, "v1");
}

#[tokio::test]
async fn versions_are_tried_made_live_and_rolled_back_by_somebody() {
    let world = World::new().await;
    let desk = Desk { world: &world, token: boss(&world).await };
    desk.deploy(&saying("v1")).await;
    let trial = json!({ "files": [file("greet.yaml", &saying("v2"))], "percent": 30 });
    assert_eq!(desk.post("", trial).await.json()["changes"][0]["change"], "journey.put_on_trial");
    let more = desk.post("/greet/try", json!({ "version": 2, "percent": 60, "note": "goes well" })).await.json();
    assert_eq!((&more["live"], &more["trial"]), (&json!(1), &json!({ "version": 2, "percent": 60 })));
    let live = desk.post("/greet/live", json!({ "version": 2.0 })).await.json();
    assert_eq!((&live["live"], live.get("trial"), desk.says().await), (&json!(2), None, json!("v2")));
    let back = desk.post("/greet/rollback", json!({ "note": "it greets wrong" })).await.json();
    assert_eq!((&back["live"], desk.says().await), (&json!(1), json!("v1")));
    for name in ["journey.put_on_trial", "journey.made_live", "journey.rolled_back"] {
        let trail = desk.trail(name).await;
        assert_eq!(trail[0]["actor"], json!({ "kind": "agent", "id": "boss/sam" }), "{name}");
    }
    assert_eq!(desk.trail("journey.rolled_back").await[0]["reason"], "it greets wrong");

    for (path, body, status, code) in [
        ("/greet/rollback", json!({}), 409, "nothing_before"),
        ("/greet/live", json!({ "version": 9 }), 404, "unknown_version"),
        ("/other/live", json!({ "version": 1 }), 404, "unknown_journey"),
        ("/other/rollback", json!({}), 404, "unknown_journey"),
        ("/greet/try", json!({ "version": 1, "percent": 5 }), 409, "live_already"),
        ("/greet/try", json!({ "version": 2, "percent": 100 }), 422, "rule_broken"),
        ("/greet/try", json!({ "version": 2 }), 400, "invalid_input"),
        ("/greet/live", json!({ "version": 2, "note": "\u{7}" }), 422, "rule_broken"),
    ] {
        is_problem(&desk.post(path, body).await, status, code);
    }
    is_problem(&desk.get("/other").await, 404, "unknown_journey");
    let demanding = saying("v3").replace("steps:", "params: { more: string }\nsteps:");
    let trial = json!({ "files": [file("greet.yaml", &demanding)], "percent": 5 });
    is_problem(&desk.post("", trial).await, 409, "other_parameters");

    let bearer = format!("Bearer {}", desk.token);
    let nameless = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    for path in ["/admin/v1/journeys/greet/live", "/admin/v1/journeys/greet/try", "/admin/v1/journeys/greet/rollback"] {
        let body = if path.ends_with("live") { r#"{"version":2}"# } else { "{}" };
        let body = if path.ends_with("try") { r#"{"version":2,"percent":1}"# } else { body };
        is_problem(&World::send_to(world.admin, "POST", path, &nameless, body).await, 400, "invalid_input");
    }
    let body = json!({ "files": [file("greet.yaml", &saying("v4"))] }).to_string();
    let refused = World::send_to(world.admin, "POST", "/admin/v1/journeys", &nameless, &body).await;
    is_problem(&refused, 400, "invalid_input");
    assert_eq!(desk.says().await, "v1");
}

#[tokio::test]
async fn journeys_are_listed_by_pages() {
    let world = World::new().await;
    let desk = Desk { world: &world, token: boss(&world).await };
    let named = |id: &str| file(&format!("{id}.yaml"), &saying("v1").replace("greet", id));
    let files: Vec<_> = ["a", "b", "c", "d", "e"].iter().map(|id| named(id)).collect();
    desk.post("", json!({ "files": files })).await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&format!("?limit=2{after}")).await.json();
        let journeys = page["journeys"].as_array().unwrap();
        seen.extend(journeys.iter().map(|journey| journey["journey"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    assert_eq!(desk.get("?limit=5").await.json().get("next"), None);
}

#[tokio::test]
async fn runs_under_way_stay_on_what_they_began_with() {
    let world = World::new().await;
    let desk = Desk { world: &world, token: boss(&world).await };
    let asking = "journey: greet\nsteps:\n  ask: { type: collect_information, with: { fields: { a: string } }, branches: { submit: end } }\n  end: { type: complete_journey, with: { data: { says: v1 } } }\n";
    desk.deploy(asking).await;
    let caller = Caller::new(&world);
    let waiting = handle(&caller.start("greet", json!({})).await);
    desk.deploy(&saying("v2")).await;
    assert_eq!(caller.submit(&waiting, json!({ "a": "x" })).await.json()["data"]["says"], "v1");
    assert_eq!(desk.says().await, "v2");
}

#[tokio::test]
async fn r73_who_may_run_journeys_may_not_look_after_them() {
    let world = World::new().await;
    let new = NewClient { client_id: Some("runner".to_owned()), ..NewClient::confidential("default") };
    let (_, secret) = world.client(&new.scopes([ClientScope::JourneysRun, ClientScope::JourneysRead])).await;
    let desk = Desk { world: &world, token: world.token_of("runner", &secret, "").await };
    assert_eq!(desk.get("").await.status, 200);
    is_problem(&desk.deploy(&saying("v1")).await, 403, "forbidden");
    assert_eq!(desk.get("").await.json()["journeys"], json!([]));
}

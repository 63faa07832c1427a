//! `dev`: journeys are served as they are written, and there is somebody to try them as.

use serde_json::{Value as Json, json};

use crate::rig::Rig;
use crate::served::Served;

const GOOD: &str = "journey: hello\nsteps: { done: { type: complete_journey } }\n";
const BROKEN: &str = "journey: hello\nsteps: { done: { type: complete_journy } }\n";

fn dev(rig: &Rig) -> (Served, Json) {
    let mut served = Served::by("dev", rig, "journeys", "127.0.0.1:0", &[]);
    let people = served.line();
    (served, people)
}

fn start(served: &Served, journey: &str) -> u64 {
    let body = json!({ "headers": [], "data": { "policy_request_id": journey, "params": {} } }).to_string();
    let headers = ["content-type: application/json", "origin: http://localhost:5173"];
    let address = "POST /ido/api/v2/auth/anonymous_invoke?clientId=dev-web";
    served.call("public", address, &headers, &body).1["error_code"].as_u64().unwrap()
}

/// What the next change of files led to; an editor's steps may be seen one by one.
fn changed(served: &mut Served, what: &str) -> Json {
    loop {
        let line = served.line();
        assert!(line.get("line").is_none(), "it has ended: {line}");
        if line["reloaded"][what].as_array().is_some_and(|all| !all.is_empty()) {
            return line["reloaded"].clone();
        }
    }
}

#[test]
fn a_file_goes_live_when_it_changes_and_while_it_is_broken_the_last_good_version_serves() {
    let rig = Rig::new();
    std::fs::create_dir(rig.path("journeys")).unwrap();
    rig.file("journeys/hello.yaml", GOOD);
    let (mut served, _) = dev(&rig);
    assert_eq!((start(&served, "hello"), start(&served, "second")), (0, 4004));

    rig.file("journeys/second.yaml", GOOD.replace("hello", "second"));
    let live = changed(&mut served, "changes");
    assert_eq!(live["changes"][0]["journey"], "second", "{live}");
    assert_eq!(start(&served, "second"), 0);

    rig.file("journeys/hello.yaml", BROKEN);
    let told = changed(&mut served, "findings");
    assert_eq!(told["findings"][0]["code"], "J0201", "{told}");
    assert_eq!(start(&served, "hello"), 0, "the last good version serves");
    let said = served.stop().ended(0);
    assert!(said.err.contains("did you mean `complete_journey`?"), "{said:?}");
}

#[test]
fn there_is_a_support_desk_whose_secret_is_new_at_each_start_and_a_user() {
    let rig = Rig::new();
    std::fs::create_dir(rig.path("journeys")).unwrap();
    rig.file("journeys/hello.yaml", BROKEN);
    let mut served = Served::by("dev", &rig, "journeys", "127.0.0.1:0", &[]);
    assert_eq!(served.report["findings"][0]["code"], "J0201", "it starts and waits for a better one");
    served.report = served.line();
    let first = served.line();
    served.stop().ended(0);
    rig.file("journeys/hello.yaml", GOOD);

    let (served, second) = dev(&rig);
    assert_eq!((&served.report["clients"], &second["user"]["external_user_id"]), (&json!(2), &json!("user123")));
    let secret = |people: &Json| people["support"]["client_secret"].as_str().unwrap().to_owned();
    assert_ne!(secret(&first), secret(&second));
    let token = |secret: &str| {
        let form = format!("grant_type=client_credentials&client_id=dev-support&client_secret={secret}");
        served.call("public", "POST /oidc/token", &["content-type: application/x-www-form-urlencoded"], &form)
    };
    let (status, token) = (token(&secret(&first)).0, token(&secret(&second)).1);
    assert_eq!(status, 200, "the one before is good until the next time");
    let bearer = format!("authorization: Bearer {}", token["access_token"].as_str().unwrap());
    let body = r#"{"channel":"direct","identifier_type":"external_user_id","identifier":"user123"}"#;
    let headers = [bearer.as_str(), "content-type: application/json"];
    assert_eq!(served.call("public", "POST /cis/v1/auth/otp/send", &headers, body).0, 200);
    served.stop().ended(0);
}

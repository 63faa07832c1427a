//! Versions of journeys: read anew by a running server, and looked after while it rests.

use serde_json::{Value as Json, json};

use crate::rig::Rig;
use crate::served::{Served, add};

fn saying(text: &str) -> String {
    format!("journey: greet\nsteps:\n  end: {{ type: complete_journey, with: {{ data: {{ says: {text} }} }} }}\n")
}

const BROKEN: &str = "journey: greet\nsteps: { a: { type: complete_journy } }\n";

fn rig(text: &str) -> Rig {
    let rig = Rig::new();
    std::fs::create_dir(rig.path("journeys")).unwrap();
    rig.file("journeys/greet.yaml", saying(text));
    add(&rig, &["web", "--public", "--scope", "journeys:run"]);
    rig
}

fn serve(rig: &Rig) -> Served {
    Served::on(rig, rig.path("journeys").to_str().unwrap(), "127.0.0.1:0", &[])
}

/// What a new run says.
fn says(served: &Served) -> Json {
    let start = json!({ "headers": [], "data": { "policy_request_id": "greet" } }).to_string();
    let address = "POST /ido/api/v2/auth/anonymous_invoke?clientId=web";
    let (status, answer) = served.call("public", address, &["content-type: application/json"], &start);
    assert_eq!(status, 200, "{answer}");
    let text = answer.to_string();
    ["v1", "v2", "v3"].into_iter().find(|word| text.contains(word)).map_or(answer, |word| json!(word))
}

#[test]
fn r56_a_server_reads_journeys_anew_and_a_bad_file_keeps_the_last_good_version() {
    let rig = rig("v1");
    let mut served = serve(&rig);
    assert_eq!(says(&served), "v1");
    rig.file("journeys/greet.yaml", saying("v2"));
    assert_eq!(says(&served), "v1", "nothing changes by itself");
    let reloaded = served.reload();
    let change = json!({ "change": "journey.deployed", "journey": "greet", "version": 2 });
    assert_eq!(reloaded["reloaded"]["changes"], json!([change]), "{reloaded}");
    assert_eq!(says(&served), "v2");

    rig.file("journeys/greet.yaml", BROKEN);
    let reloaded = served.reload();
    assert_eq!(reloaded["reloaded"]["findings"].as_array().map(Vec::len), Some(1), "{reloaded}");
    assert_eq!(says(&served), "v2");
    let said = served.stop().ended(0);
    assert!(said.err.contains("complete_journy"), "{said:?}");

    // A start is no worse than a reload: it serves the last good version, too.
    let served = serve(&rig);
    assert_eq!(says(&served), "v2");
    served.stop().ended(0);
}

#[test]
fn what_is_rolled_back_stays_so_until_the_file_says_something_new() {
    let rig = rig("v1");
    serve(&rig).stop().ended(0);
    rig.file("journeys/greet.yaml", saying("v2"));
    serve(&rig).stop().ended(0);
    let rolled = rig.ask(&["journey", "rollback", "greet", "--note", "it greets wrong", "--as", "ann"]).ended(0).json();
    assert_eq!((&rolled["live"], rolled["versions"].as_array().unwrap().len()), (&json!(1), 2));

    let mut served = serve(&rig);
    assert_eq!(says(&served), "v1");
    served.reload();
    assert_eq!(says(&served), "v1");
    let held = rig.ask(&["journey", "list", "greet"]).ended(0).json();
    assert_eq!(held["journeys"], json!([rolled]), "the server tells the same");
    rig.file("journeys/greet.yaml", saying("v3"));
    served.reload();
    assert_eq!(says(&served), "v3");
    served.stop().ended(0);

    let listed = rig.ask(&["journey", "list", "greet"]).ended(0).json();
    assert_eq!(listed["journeys"][0]["live"], 3);
    let trail = rig.ask(&["audit", "show", "--name", "journey.rolled_back"]).ended(0).json();
    assert_eq!(trail["entries"][0]["actor"]["id"], "ann");
    assert_eq!(trail["entries"][0]["reason"], "it greets wrong");
}

#[test]
fn a_server_serves_at_once_what_is_deployed_tried_and_chosen() {
    let rig = rig("v1");
    let served = serve(&rig);
    let file = rig.file("greet.yaml", saying("v2"));
    let deployed = rig.ask(&["journey", "deploy", &file, "--note", "ticket 7", "--as", "Ann Smith"]).ended(0).json();
    assert_eq!(deployed["changes"][0]["version"], 2, "{deployed}");
    assert_eq!(says(&served), "v2");
    assert_eq!(rig.ask(&["journey", "rollback", "greet"]).ended(0).json()["live"], 1);
    assert_eq!(says(&served), "v1");
    let tried = rig.ask(&["journey", "try", "greet@2", "--percent", "40"]).ended(0).json();
    assert_eq!(tried["trial"], json!({ "version": 2, "percent": 40 }));
    assert_eq!(rig.ask(&["journey", "live", "greet@2"]).ended(0).json()["trial"], json!(null));
    assert_eq!(says(&served), "v2");

    rig.file("greet.yaml", BROKEN);
    let refused = rig.ask(&["journey", "deploy", &file]).ended(1).json();
    assert_eq!(refused["findings"][0]["file"], "greet.yaml", "{refused}");
    let drawn = rig.say(&["journey", "deploy", &file, "--data", "data"]).ended(1).err;
    assert_eq!(says(&served), "v2");
    rig.file("greet.yaml", format!("# {}\n{}", "x".repeat(65 << 10), saying("v3")));
    assert_eq!(rig.ask(&["journey", "deploy", &file]).ended(2).json()["error"]["code"], "too_large");
    rig.file("greet.yaml", b"journey: \xff\n");
    assert_eq!(rig.ask(&["journey", "deploy", &file]).ended(2).json()["error"]["code"], "invalid_input");
    let shown = rig.ask(&["journey", "list", "greet"]).ended(0).json();
    served.stop().ended(0);
    assert_eq!(rig.ask(&["journey", "list", "greet"]).ended(0).json(), shown);
    assert_eq!(shown["journeys"][0]["versions"][0]["by"], json!({ "kind": "operator", "id": "Ann Smith" }), "{shown}");
    rig.file("greet.yaml", BROKEN);
    assert_eq!(rig.say(&["journey", "deploy", &file, "--data", "data"]).ended(1).err, drawn, "drawn as if found here");
}

#[test]
fn versions_are_deployed_tried_and_made_live() {
    let rig = rig("v1");
    let file = "journeys/greet.yaml";
    let first = rig.ask(&["journey", "deploy", "journeys"]).ended(0).json();
    assert_eq!(first["changes"][0]["version"], 1, "{first}");
    rig.file(file, saying("v2"));
    let tried = rig.ask(&["journey", "deploy", file, "--percent", "20"]).ended(0).json();
    assert_eq!(tried["changes"][0]["change"], "journey.put_on_trial", "{tried}");
    let said = rig.say(&["journey", "list", "--data", "data"]).ended(0);
    assert!(said.out.contains("greet@1") && said.out.contains("tries @2: 20 %"), "{said:?}");
    let ended = rig.ask(&["journey", "try", "greet@2", "--percent", "0"]).ended(0).json();
    assert_eq!((&ended["live"], &ended["trial"]), (&json!(1), &json!(null)));
    assert_eq!(rig.ask(&["journey", "live", "greet@2"]).ended(0).json()["live"], 2);

    for (words, code) in [
        (&["journey", "live", "greet@9"][..], "unknown_version"),
        (&["journey", "live", "other@1"], "unknown_journey"),
        (&["journey", "try", "greet@2", "--percent", "5"], "live_already"),
        (&["journey", "list", "other"], "unknown_journey"),
    ] {
        assert_eq!(rig.ask(words).ended(2).json()["error"]["code"], code);
    }
    rig.file(file, BROKEN);
    let refused = rig.say(&["journey", "deploy", file, "--data", "data"]).ended(1);
    assert!(refused.err.contains("complete_journy") && refused.err.contains("nothing was deployed"), "{refused:?}");
    rig.file("journeys/other.yaml", saying("v1").replace("greet", "other"));
    rig.ask(&["journey", "deploy", "journeys"]).ended(1);
    assert_eq!(rig.ask(&["journey", "list", "other"]).ended(2).json()["error"]["code"], "unknown_journey");
    assert_eq!(rig.ask(&["journey", "rollback", "greet"]).ended(0).json()["live"], 1);
    assert_eq!(rig.ask(&["journey", "rollback", "greet"]).ended(2).json()["error"]["code"], "nothing_before");
}

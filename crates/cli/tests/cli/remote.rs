//! `--server`: the same verbs at a running server, as a client of it.

use serde_json::{Value as Json, json};

use crate::rig::{Rig, Said};
use crate::served::{Served, add};

/// A command at the server, as a client; it names no store.
fn ask(rig: &Rig, served: &Served, client: &str, secret: &str, words: &[&str]) -> Said {
    let server = format!("http://{}", served.report["admin"].as_str().unwrap());
    let mut command = rig.command();
    command.args(words).args(["--server", &server, "--format", "json"]);
    command.env("WAYFARER_CLIENT_ID", client).env("WAYFARER_CLIENT_SECRET", secret);
    Said::from(command.output().unwrap())
}

fn secret(added: &Json) -> String {
    added["client_secret"].as_str().unwrap().to_owned()
}

#[test]
fn verbs_work_at_a_server_as_far_as_the_client_may() {
    let rig = Rig::new();
    rig.user("user123");
    let scopes = ["users:read", "codes:read", "codes:write", "otp:direct", "clients:read", "audit:read"];
    let scopes: Vec<_> = scopes.iter().flat_map(|scope| ["--scope", scope]).collect();
    let desk = secret(&add(&rig, &[&["desk"], &scopes[..]].concat()));
    let reader = secret(&add(&rig, &["reader", "--scope", "users:read"]));
    let served = Served::start(&rig, "127.0.0.1:0", &[]);
    let ann = ["--identifier", "user123", "--as", "Ann"];

    let issued = [&["code", "issue"], &ann[..]].concat();
    let code = ask(&rig, &served, "desk", &desk, &issued).ended(0).json();
    assert_eq!(code["code"].as_str().map(str::len), Some(6), "{code}");
    let questions: &[&[&str]] = &[
        &["user", "show", "--identifier", "user123"],
        &["client", "list"],
        &["audit", "show", "--name", "tempcode.issued"],
    ];
    let there: Vec<_> =
        questions.iter().map(|words| ask(&rig, &served, "desk", &desk, words).ended(0).json()).collect();
    let actor = &there[2]["entries"][0]["actor"];
    assert_eq!(actor, &json!({ "kind": "agent", "id": "desk/Ann" }), "who it was is on record");

    let refused = |client: &str, secret: &str, words: &[&str]| {
        let said = ask(&rig, &served, client, secret, words).ended(2);
        let error = said.json()["error"].clone();
        (error["code"].as_str().unwrap().to_owned(), error["message"].as_str().unwrap().to_owned())
    };
    let (word, message) = refused("reader", &reader, &issued);
    assert_eq!((word.as_str(), message.contains("otp:direct")), ("forbidden", true), "{message}");
    assert_eq!(refused("reader", "wfs_wrong", questions[0]).0, "client_refused");
    assert_eq!(refused("desk", &desk, &["journey", "list"]).0, "forbidden");
    let run = ["run", &crate::rig::reference(), "-p", "external_user_id=user123", "-p", "temp_code=123456"];
    assert_eq!(refused("desk", &desk, &run).0, "usage", "what works on the store says so");
    assert_eq!(refused("desk", &desk, &[questions[0], &["--as", "Ann Smith"]].concat()).0, "usage");
    served.stop().ended(0);
    assert_eq!(there, questions.iter().map(|words| rig.ask(words).ended(0).json()).collect::<Vec<_>>());
}

#[test]
fn journeys_keys_and_users_are_looked_after_at_a_server() {
    let rig = Rig::new();
    rig.user("user123");
    let scopes = ["users:read", "users:write", "journeys:read", "journeys:write", "keys:read", "keys:write"];
    let scopes: Vec<_> = scopes.iter().flat_map(|scope| ["--scope", scope]).collect();
    let ops = secret(&add(&rig, &[&["ops"], &scopes[..]].concat()));
    let served = Served::start(&rig, "127.0.0.1:0", &[]);
    let ask = |words: &[&str]| ask(&rig, &served, "ops", &ops, &[words, &["--as", "Ann"]].concat());
    let saying = |text: &str| {
        rig.file(
            "greet.yaml",
            format!(
                "journey: greet\nsteps: {{ end: {{ type: complete_journey, with: {{ data: {{ says: {text} }} }} }} }}\n"
            ),
        )
    };
    for text in ["v1", "v2"] {
        ask(&["journey", "deploy", &saying(text)]).ended(0);
    }
    assert_eq!(ask(&["journey", "rollback", "greet", "--note", "odd"]).ended(0).json()["live"], 1);
    assert_eq!(ask(&["journey", "try", "greet@2", "--percent", "5"]).ended(0).json()["trial"]["percent"], 5);
    assert_eq!(ask(&["journey", "live", "greet@2"]).ended(0).json()["live"], 2);
    assert_eq!(ask(&["journey", "live", "greet@9"]).ended(2).json()["error"]["code"], "unknown_version");
    let listed = ask(&["journey", "list"]).ended(0).json();
    assert!(listed["journeys"].as_array().unwrap().iter().any(|journey| journey["journey"] == "greet"), "{listed}");
    rig.file("greet.yaml", "journey: greet\n");
    assert!(ask(&["journey", "deploy", "greet.yaml"]).ended(1).json()["findings"][0]["code"].is_string());

    let made = ask(&["key", "rotate", "sign", "tag"]).ended(0).json();
    let keys = ask(&["key", "list"]).ended(0).json()["keys"].clone();
    assert_eq!((made["rotated"].as_array().unwrap().len(), keys.as_array().unwrap().len()), (2, 7), "{keys}");
    let key = made["rotated"][0]["key"].as_str().unwrap();
    assert_eq!(ask(&["key", "retire", key]).ended(2).json()["error"]["code"], "key_not_retirable");

    let who = ["--identifier", "user123"];
    let changed = ask(&[&["user", "update"], &who[..], &["--email", "Ann@Example.org"]].concat()).ended(0).json();
    assert_eq!(changed["email"], "ann@example.org");
    ask(&[&["user", "delete"], &who[..]].concat()).ended(0);
    assert_eq!(ask(&[&["user", "delete"], &who[..]].concat()).ended(2).json()["error"]["code"], "unknown_user");
    served.stop().ended(0);
    for name in ["journey.rolled_back", "journey.made_live", "key.activated", "user.updated", "user.deleted"] {
        let trail = rig.ask(&["audit", "show", "--name", name]).ended(0).json();
        assert_eq!(trail["entries"][0]["actor"], json!({ "kind": "agent", "id": "ops/Ann" }), "{name}: {trail}");
    }
}

#[test]
fn a_secret_is_sent_to_nothing_but_this_machine() {
    let rig = Rig::new();
    for server in [
        "http://192.0.2.1:9080",
        "https://127.0.0.1:9080",
        "http://localhost.example.com",
        "127.0.0.1:9080",
        "http://desk:canary@127.0.0.1:9080",
        "http://127.0.0.1:9080/?canary",
    ] {
        let said = rig.say(&["user", "show", "--identifier", "x", "--server", server, "--format", "json"]).ended(2);
        assert_eq!(said.json()["error"]["code"], "usage", "{server}");
        assert!(said.json()["error"]["message"].as_str().unwrap().contains("of this machine"), "{server}");
        assert!(!said.out.contains("canary") && !said.err.contains("canary"), "{server}");
    }
}

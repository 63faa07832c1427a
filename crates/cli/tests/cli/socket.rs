//! The socket of a running server: whose it is, and that a dead one is no hindrance.

use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};

use serde_json::{Value as Json, json};

use crate::rig::{Rig, Said};
use crate::served::Served;

fn serve(rig: &Rig) -> Served {
    Served::start(rig, "127.0.0.1:0", &[])
}

/// What the socket answers to a call: its status and its body.
fn call(rig: &Rig, head: &str, headers: &str, body: &str) -> (String, String) {
    let mut stream = UnixStream::connect(rig.path("data/admin.sock")).unwrap();
    let length = body.len();
    let typed = "content-type: application/json";
    let request = format!(
        "{head} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{typed}\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).unwrap();
    let (head, body) = heard.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
}

#[test]
fn r89_the_socket_is_its_owners_alone_and_goes_with_the_server() {
    let rig = Rig::new();
    rig.user("user123");
    // Who can enter the folder may still not open the socket.
    std::fs::set_permissions(rig.path("data"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let served = serve(&rig);
    let found = std::fs::metadata(rig.path("data/admin.sock")).unwrap();
    assert!(found.file_type().is_socket());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    assert_eq!(call(&rig, "GET /admin/v1/users", "wayfarer-agent: ann\r\n", "").0, "200");
    assert_eq!(call(&rig, "GET /nothing", "wayfarer-agent: ann\r\n", "").0, "404");
    served.stop().ended(0);
    let left: Vec<_> = std::fs::read_dir(rig.path("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["wayfarer.redb"]);
}

#[test]
fn who_acts_is_said_by_every_call_and_recorded() {
    let rig = Rig::new();
    rig.user("user123");
    let served = serve(&rig);
    let long = format!("wayfarer-agent: {}\r\n", "a".repeat(65));
    for nameless in ["", "wayfarer-agent: \r\n", "wayfarer-agent: ann\r\nwayfarer-agent: bob\r\n", long.as_str()] {
        let (status, body) = call(&rig, "POST /admin/v1/users/user123/disable", nameless, "{}");
        assert_eq!(status, "400", "{nameless:?}: {body}");
    }
    let (status, body) = call(&rig, "POST /admin/v1/users/user123/disable", "wayfarer-agent: Ann Smith\r\n", "{}");
    assert_eq!(status, "200", "{body}");
    served.stop().ended(0);
    let trail = rig.ask(&["audit", "show", "--name", "user.disabled"]).ended(0).json();
    assert_eq!(trail["entries"].as_array().unwrap().len(), 1, "{trail}");
    assert_eq!(trail["entries"][0]["actor"], json!({ "kind": "operator", "id": "Ann Smith" }));
}

#[test]
fn a_dead_socket_is_replaced_and_nothing_else_is() {
    let rig = Rig::new();
    rig.user("user123");
    let socket = rig.path("data/admin.sock");
    drop(UnixListener::bind(&socket).unwrap());
    serve(&rig).stop().ended(0);
    assert!(!socket.exists());

    let refused = || {
        let journeys = crate::rig::journeys();
        let words = ["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--journeys", &journeys];
        assert_eq!(rig.ask(&words).ended(2).json()["error"]["code"], "cannot_listen");
    };
    let live = UnixListener::bind(&socket).unwrap();
    refused();
    assert!(UnixStream::connect(&socket).is_ok(), "it is still the other one's");
    drop(live);
    std::fs::remove_file(&socket).unwrap();
    std::fs::write(&socket, "not a socket").unwrap();
    refused();
    assert_eq!(std::fs::read_to_string(&socket).unwrap(), "not a socket");
}

/// 107 bytes are the most that a socket's path may have, and `/admin.sock` is 11 of them.
#[test]
fn a_folder_whose_path_is_too_long_for_a_socket_is_served_without_one() {
    for (length, listens) in [(96, true), (97, false), (99, false), (200, false)] {
        let (rig, data) = (Rig::new(), "d".repeat(length));
        let served = Served::over(&data, "serve", &rig, &crate::rig::journeys(), "127.0.0.1:0", &[]);
        let todo = served.report["todo"].to_string();
        assert_eq!(todo.contains("too many for a socket"), !listens, "{length}: {todo}");
        let socket = rig.path(&data).join("admin.sock");
        assert_eq!(socket.exists(), listens, "{length}");
        let asked = rig.say(&["audit", "verify", "--data", &data, "--format", "json"]);
        if listens {
            asked.ended(0);
        } else {
            assert_eq!(asked.ended(2).json()["error"]["code"], "store_held", "{length}");
        }
        served.stop().ended(0);
        assert!(!socket.exists());
    }
}

/// What differs between any two stores: ids, moments, secrets.
fn masked(value: Json) -> Json {
    const OWN: [&str; 9] =
        ["user_id", "code_id", "code", "client_secret", "created_at", "updated_at", "expires_at", "at", "key"];
    match value {
        // What went wrong is told by words that never differ.
        Json::Object(fields) if fields.contains_key("error") => Json::Object(fields),
        Json::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                let own = (OWN.contains(&name.as_str()) || name == "issued_at") && value.is_string();
                let value = if own { json!("…") } else { masked(value) };
                (name, value)
            })
            .collect(),
        Json::Array(items) => items.into_iter().map(masked).collect(),
        other => other,
    }
}

#[test]
fn verbs_say_the_same_of_a_free_store_and_through_the_server_that_holds_it() {
    let (free, held) = (Rig::new(), Rig::new());
    for rig in [&free, &held] {
        rig.user("user123");
    }
    let greet = "journey: greet\nsteps: { end: { type: complete_journey, with: { data: { says: v1 } } } }\n";
    for rig in [&free, &held] {
        rig.file("greet.yaml", greet);
        rig.file("newer.yaml", greet.replace("v1", "v2"));
        rig.file("broken.yaml", greet.replace("complete", "compleet"));
    }
    let served = serve(&held);
    let ann = ["--identifier", "user123", "--as", "Ann Smith"];
    let verbs: &[&[&str]] = &[
        &["user", "add", "--external-user-id", "ü/?", "--email", "bob@example.com"],
        &["user", "add", "--external-user-id", "ü/?"],
        &["user", "add", "--email", "nonsense"],
        &["user", "show", "--identifier", "ü/?"],
        &["user", "show", "--identifier", "nobody"],
        &["user", "show", "--identifier-type", "email", "--identifier", "Bob@Example.com"],
        &["code", "issue", ann[0], ann[1], ann[2], ann[3], "--expires-in", "600", "--evidence", "ticket 4711"],
        &["code", "issue", ann[0], ann[1], "--expires-in", "59"],
        &["code", "issue", ann[0], ann[1], "--application", "nowhere"],
        &["code", "issue", "--identifier", "nobody"],
        &["code", "issue", "--identifier-type", "email", "--identifier", "nobody@example.com"],
        &["code", "issue", "--identifier-type", "email", "--identifier", "Bob@Example.com"],
        &["code", "issue", "--identifier-type", "email", "--identifier", "nonsense"],
        &["user", "show", ann[0], ann[1]],
        &["code", "unlock", ann[0], ann[1], "--reason", "called back"],
        &["code", "enable", ann[0], ann[1], "--reason", "called back"],
        &["code", "unlock", ann[0], ann[1], "--reason", ""],
        &["code", "revoke", ann[0], ann[1]],
        &["code", "revoke", ann[0], ann[1]],
        &["user", "disable", ann[0], ann[1]],
        &["code", "issue", ann[0], ann[1]],
        &["user", "enable", ann[0], ann[1]],
        &["user", "show", ann[0], ann[1]],
        &["client", "add", "desk", "--scope", "otp:direct", "--scope", "users:read", "--name", "Desk"],
        &["client", "add", "desk", "--scope", "otp:direct"],
        &["client", "add", "pages", "--public", "--scope", "journeys:run", "--origin", "https://a.example.com"],
        &["client", "add", "odd", "--public", "--scope", "users:read"],
        &["client", "rotate", "desk"],
        &["client", "rotate", "pages"],
        &["client", "disable", "desk"],
        &["client", "enable", "desk"],
        &["client", "enable", "nobody"],
        &["client", "list"],
        &["user", "add", "--user-id", "carl"],
        &["user", "add", "--user-id", "carl"],
        &["user", "update", "--identifier", "carl", "--username", "Carl", "--email", "carl@example.com"],
        &["user", "update", "--identifier", "carl", "--remove", "email"],
        &["user", "update", "--identifier", "carl", "--email", "nonsense"],
        &["user", "update", "--identifier", "carl", "--external-user-id", "ü/?"],
        &["user", "update", "--identifier", "carl"],
        &["user", "update", "--identifier", "nobody", "--email", "a@example.com"],
        &["user", "delete", "--identifier", "ü/?"],
        &["user", "delete", "--identifier", "ü/?"],
        &["journey", "deploy", "greet.yaml", "--note", "ticket 4711"],
        &["journey", "deploy", "greet.yaml"],
        &["journey", "deploy", "greet.yaml", "--note", ""],
        &["journey", "deploy", "broken.yaml"],
        &["journey", "deploy", "newer.yaml", "--percent", "10", ann[2], ann[3]],
        &["journey", "try", "greet@2", "--percent", "20"],
        &["journey", "try", "greet@9", "--percent", "20"],
        &["journey", "live", "greet@2"],
        &["journey", "try", "greet@2", "--percent", "20"],
        &["journey", "rollback", "greet", "--note", "odd"],
        &["journey", "rollback", "greet"],
        &["journey", "live", "nothing@1"],
        &["journey", "list", "greet"],
        &["journey", "list", "nothing"],
        &["key", "rotate", "sign", "seal", ann[2], ann[3]],
        &["key", "retire", "0123456789abcdef"],
    ];
    for words in verbs {
        let told = |said: Said| (said.code, masked(said.json()), said.err);
        assert_eq!(told(held.ask(words)), told(free.ask(words)), "{words:?}");
    }
    served.stop().ended(0);
    let trail = |rig: &Rig| -> Vec<Json> {
        let trail = rig.ask(&["audit", "show"]).ended(0).json();
        let entries = trail["entries"].as_array().unwrap().iter();
        let entries = entries.map(|entry| json!([entry["name"], entry["actor"], entry["reason"]]));
        entries.filter(|entry| entry[1]["kind"] == "operator").collect()
    };
    let (held, free) = (trail(&held), trail(&free));
    assert_eq!(held, free);
    assert!(held.contains(&json!(["tempcode.issued", { "kind": "operator", "id": "Ann Smith" }, null])), "{held:?}");
    let denied = held.iter().filter(|entry| entry[0] == "tempcode.denied" && entry[2] == "unknown_user").count();
    assert_eq!(denied, 2, "{held:?}");
}

#[test]
fn who_holds_the_store_and_is_no_server_stays_a_clear_error() {
    let rig = Rig::new();
    rig.user("user123");
    let served = serve(&rig);
    std::fs::remove_file(rig.path("data/admin.sock")).unwrap();
    let show = ["user", "show", "--identifier", "user123"];
    assert_eq!(rig.ask(&show).ended(2).json()["error"]["code"], "store_held");
    served.stop().ended(0);
    rig.ask(&show).ended(0);
}

#[test]
fn the_audit_trail_reads_the_same_through_the_server_that_holds_it() {
    let rig = Rig::new();
    rig.user("user123");
    let served = serve(&rig);
    for _ in 0..3 {
        rig.ask(&["code", "issue", "--identifier", "user123", "--as", "Ann Smith"]).ended(0);
    }
    let questions: &[&[&str]] = &[
        &["audit", "show", "--name", "tempcode."],
        &["audit", "show", "--name", "tempcode.issued", "--limit", "2"],
        &["audit", "show", "--user-id", "nobody"],
        &["audit", "show", "--name", "user.added"],
    ];
    let ask = |words: &&[&str]| rig.ask(words).ended(0).json();
    let held: Vec<_> = questions.iter().map(ask).collect();
    assert_eq!(held[1]["entries"].as_array().unwrap().len(), 2, "{}", held[1]);
    let verified = rig.ask(&["audit", "verify"]).ended(0).json();
    assert_eq!((&verified["intact"], &verified["findings"]), (&json!(true), &json!([])));
    served.stop().ended(0);
    assert_eq!(held, questions.iter().map(ask).collect::<Vec<_>>());
}

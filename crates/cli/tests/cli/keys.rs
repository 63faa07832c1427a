//! Keys: listed, rotated by the server that holds the store, and retired only when nothing needs them.

use serde_json::{Value as Json, json};

use crate::rig::Rig;
use crate::served::{Served, add};

fn token(served: &Served, secret: &str) -> (u16, Json) {
    let form = format!("grant_type=client_credentials&client_id=support&client_secret={secret}");
    let typed = ["content-type: application/x-www-form-urlencoded"];
    served.call("public", "POST /oidc/token", &typed, &form)
}

#[test]
fn r77_keys_rotate_while_a_server_runs_and_the_old_public_key_stays() {
    let rig = Rig::new();
    rig.user("user123");
    let support = add(&rig, &["support", "--scope", "users:read"]);
    let secret = support["client_secret"].as_str().unwrap();
    let served = Served::on(&rig, &crate::rig::journeys(), "127.0.0.1:0", &[]);
    let (_, first) = token(&served, secret);
    let published = |served: &Served| {
        let (_, set) = served.call("public", "GET /.well-known/jwks.json", &[], "");
        set["keys"].as_array().unwrap().len()
    };
    assert_eq!(published(&served), 1);
    let rotated = rig.ask(&["key", "rotate", "sign", "tag", "seal", "--as", "Ann Smith"]).ended(0).json();
    assert_eq!(rotated["rotated"].as_array().unwrap().len(), 3, "{rotated}");
    assert_eq!(published(&served), 2, "the server uses it at once");
    let there = rig.ask(&["key", "list"]).ended(0).json();
    let old = |listed: &Json| {
        let keys = listed["keys"].as_array().unwrap().clone();
        let old = keys.iter().find(|key| key["purpose"] == "sign" && key["state"] == "verify_only").unwrap();
        old["key"].as_str().unwrap().to_owned()
    };
    assert_eq!(rig.ask(&["key", "retire", &old(&there)]).ended(2).json()["error"]["code"], "key_in_use");

    assert_eq!(token(&served, secret).0, 200, "the secret was tagged with the old key");
    let bearer = format!("authorization: Bearer {}", first["access_token"].as_str().unwrap());
    let (status, user) = served.call("public", "GET /cis/v1/users/external-user-id/user123", &[&bearer], "");
    assert_eq!(status, 200, "a token of before is good: {user}");
    served.stop().ended(0);

    let listed = rig.ask(&["key", "list"]).ended(0).json();
    let keys = listed["keys"].as_array().unwrap();
    assert_eq!((keys.len(), listed.to_string().contains("secret")), (8, false));
    let names = |listed: &Json| {
        let keys = listed["keys"].as_array().unwrap().iter();
        keys.map(|key| json!([key["purpose"], key["key"], key["state"], key["stays_until"]])).collect::<Vec<_>>()
    };
    assert_eq!(names(&there), names(&listed));
    let refused = rig.ask(&["key", "retire", &old(&listed)]).ended(2).json();
    assert_eq!(refused["error"]["code"], "key_in_use");
    let active = keys.iter().find(|key| key["state"] == "active").unwrap();
    let refused = rig.ask(&["key", "retire", active["key"].as_str().unwrap()]).ended(2).json();
    assert_eq!(refused["error"]["code"], "key_not_retirable");
    let said = rig.say(&["key", "list", "--data", "data"]).ended(0);
    assert!(said.out.contains("verify only") && said.out.contains("stays until"), "{said:?}");

    let trail = rig.ask(&["audit", "show", "--name", "key.activated"]).ended(0).json();
    assert_eq!(trail["entries"].as_array().unwrap().len(), 3, "{trail}");
    assert_eq!(trail["entries"][0]["actor"], json!({ "kind": "operator", "id": "Ann Smith" }));
    assert_eq!(rig.ask(&["audit", "verify"]).ended(0).json()["intact"], true);
}

#[test]
fn a_free_store_uses_new_keys_at_once_and_lookup_keys_stay() {
    let rig = Rig::new();
    rig.user("user123");
    let rotated = rig.ask(&["key", "rotate", "audit", "--as", "ann"]).ended(0).json();
    assert_eq!(rotated["rotated"][0]["purpose"], "audit");
    let trail = rig.ask(&["audit", "show", "--name", "key.activated"]).ended(0).json();
    assert_eq!(trail["entries"][0]["actor"]["id"], "ann", "{trail}");
    rig.say(&["key", "rotate", "lookup", "--data", "data"]).ended(2);
    assert_eq!(rig.ask(&["user", "show", "--identifier", "user123"]).ended(0).json()["external_user_id"], "user123");
    assert_eq!(rig.ask(&["key", "retire", "nonsense"]).ended(2).json()["error"]["code"], "usage");
}

#[test]
fn a_key_file_that_was_changed_beside_a_server_is_read_by_a_signal() {
    let (rig, other) = (Rig::new(), Rig::new());
    rig.user("user123");
    for (from, to) in [("data", "data"), ("data.keys", "data.keys")] {
        let copied = std::process::Command::new("cp").arg("-r").arg(rig.path(from)).arg(other.path(to)).status();
        assert!(copied.unwrap().success());
    }
    let mut served = Served::start(&rig, "127.0.0.1:0", &[]);
    other.ask(&["key", "rotate", "sign"]).ended(0);
    std::fs::rename(other.path("data.keys"), rig.path("data.keys")).unwrap();
    assert_eq!(served.reload()["new_keys"], true);
    assert_eq!(rig.ask(&["key", "list"]).ended(0).json()["keys"].as_array().unwrap().len(), 6);
    served.stop().ended(0);
}

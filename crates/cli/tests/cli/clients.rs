//! `client`: added, given secrets, disabled and listed; a secret is shown once and is nowhere else.

use serde_json::json;

use crate::rig::Rig;

#[test]
fn r62_a_secret_is_shown_once_and_is_in_no_file() {
    let rig = Rig::new();
    let added =
        rig.ask(&["client", "add", "support", "--scope", "otp:direct", "--scope", "users:read"]).ended(0).json();
    let first = added["client_secret"].as_str().unwrap().to_owned();
    assert!(first.len() >= 43, "256 bits: {} characters", first.len());
    assert_eq!((&added["status"], &added["scopes"]), (&json!("active"), &json!(["otp:direct", "users:read"])));
    let second =
        rig.ask(&["client", "rotate", "support"]).ended(0).json()["client_secret"].as_str().unwrap().to_owned();
    assert_ne!(first, second);

    let listed = rig.ask(&["client", "list"]).ended(0);
    let trail = rig.ask(&["audit", "show"]).ended(0);
    assert_eq!(listed.json()["clients"][0]["secrets"].as_array().unwrap().len(), 2);
    let names: Vec<_> = trail.json()["entries"].as_array().unwrap().iter().map(|entry| entry["name"].clone()).collect();
    assert_eq!(names, [json!("client.added"), json!("client.secret_rotated")]);
    for secret in [first, second] {
        assert!(!listed.out.contains(&secret) && !trail.out.contains(&secret));
        let bytes = std::fs::read(rig.path("data").join("wayfarer.redb")).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

#[test]
fn only_the_secret_goes_to_stdout_where_a_person_reads() {
    let rig = Rig::new();
    let said = rig.say(&["client", "add", "support", "--scope", "otp:direct", "--data", "data"]).ended(0);
    assert!(said.out.starts_with("wfs_") && said.out.lines().count() == 1, "{said:?}");
    assert!(said.err.contains("otp:direct") && said.err.contains("cannot be shown again"), "{said:?}");
    let said = rig.say(&["client", "add", "web", "--public", "--data", "data"]).ended(0);
    assert!(said.out.is_empty() && said.err.contains("it may do nothing"), "{said:?}");
    let said = rig.say(&["client", "list", "--data", "data"]).ended(0);
    assert!(
        said.out.lines().any(|line| line.starts_with("support  active") && line.ends_with("otp:direct")),
        "{said:?}"
    );
}

#[test]
fn a_client_is_disabled_and_enabled() {
    let rig = Rig::new();
    rig.ask(&["client", "add", "web", "--public", "--scope", "journeys:run", "--journey", "a"]).ended(0);
    let words = ["client", "disable", "web"];
    let disabled = rig.ask(&words).ended(0).json();
    assert_eq!((&disabled["status"], &disabled["journeys"]), (&json!("disabled"), &json!(["a"])));
    assert_eq!(rig.ask(&["client", "enable", "web"]).ended(0).json()["status"], "active");
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_added() {
    let rig = Rig::new();
    rig.ask(&["client", "add", "web", "--public"]).ended(0);
    let cases: [(&[&str], &str); 7] = [
        (&["web"], "identifier_taken"),
        (&["a b"], "invalid_input"),
        (&["x", "--scope", "everything"], "invalid_input"),
        (&["x", "--origin", "app.example.com"], "invalid_input"),
        (&["x", "--origin", "http://app.example.com"], "invalid_input"),
        (&["x", "--public", "--scope", "otp:direct"], "invalid_input"),
        (&["x", "--application", "other"], "unknown_application"),
    ];
    for (words, code) in cases {
        let said = rig.ask(&[&["client", "add"], words].concat()).ended(2).json();
        assert_eq!(said["error"]["code"], code, "{words:?}");
    }
    for verb in ["rotate", "disable", "enable"] {
        assert_eq!(rig.ask(&["client", verb, "nobody"]).ended(2).json()["error"]["code"], "unknown_client");
    }
    assert_eq!(
        rig.ask(&["client", "rotate", "web"]).ended(2).json()["error"]["code"],
        "invalid_input",
        "it keeps none"
    );
    assert_eq!(rig.ask(&["client", "list"]).ended(0).json()["clients"].as_array().unwrap().len(), 1);
}

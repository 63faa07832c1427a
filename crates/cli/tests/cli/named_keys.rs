//! Keys that expressions use by alias: `wayfarer.yaml` says where they lie, and nothing begins with one that cannot be used.

use serde_json::json;

use crate::rig::Rig;

const FILE: &str = "\
named_keys:
  pepper: { secret: pepper.key }
  partner: { public: partner.pem }
";

const JOURNEY: &str = "\
journey: keyed
kind: backend
params:
  text: string
steps:
  only:
    type: complete_journey
    with:
      data:
        tag: '@crypto.hmac(@policy.request().params.text, \"pepper\")'
";

/// RFC 4231, test case 1 has a key of 20 bytes 0x0b.
const PEPPER: &str = "CwsLCwsLCwsLCwsLCwsLCwsLCws=\n";
const TAG: &str = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";

/// As `openssl genpkey -algorithm ed25519 | openssl pkey -pubout` gives it (the key of RFC 8410 section 10.1).
const PARTNER: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

fn rig() -> Rig {
    let rig = Rig::new();
    rig.file("wayfarer.yaml", FILE);
    rig.private_file("pepper.key", PEPPER);
    rig.file("partner.pem", PARTNER);
    rig.file("keyed.yaml", JOURNEY);
    rig
}

#[test]
fn r109_a_journey_uses_a_key_by_its_alias() {
    let report = rig().say(&["run", "keyed.yaml", "-p", "text=Hi There", "--format", "json"]).ended(0).json();
    assert_eq!(report["data"]["data"], json!({ "tag": TAG }), "{report}");
}

#[test]
fn a_key_that_cannot_be_used_keeps_everything_from_beginning() {
    let rig = rig();
    let refused = |code: &str| {
        let said = rig.say(&["run", "keyed.yaml", "-p", "text=Hi There", "--format", "json"]).ended(2).json();
        assert_eq!(said["error"]["code"], json!(code), "{said}");
        said.to_string()
    };
    for (content, file) in [
        ("c2hvcnQ=", "pepper.key"),
        ("not base64", "pepper.key"),
        ("", "pepper.key"),
        (&*"A".repeat(200), "pepper.key"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "partner.pem"),
        ("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=", "partner.pem"),
    ] {
        rig.private_file(file, content);
        let said = refused("named_key_unusable");
        assert!(said.contains(file) && (content.is_empty() || !said.contains(content)), "{said}");
        rig.private_file("pepper.key", PEPPER);
        rig.file("partner.pem", PARTNER);
    }
    std::fs::remove_file(rig.path("pepper.key")).unwrap();
    refused("cannot_open");
    assert!(!rig.path("data").exists(), "no store was made");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_not_used() {
    let rig = rig();
    std::fs::remove_file(rig.path("pepper.key")).unwrap();
    rig.file("pepper.key", PEPPER);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(rig.path("pepper.key"), mode).unwrap();
    let said = rig.say(&["run", "keyed.yaml", "-p", "text=a", "--format", "json"]).ended(2).json();
    assert_eq!(said["error"]["code"], json!("key_file_exposed"), "{said}");
}

#[test]
fn a_key_is_one_of_two_sorts() {
    let rig = rig();
    rig.file("wayfarer.yaml", "named_keys:\n  one: { secret: a, public: b }\n  two: {}\n  three: { private: a }\n");
    let said = rig.say(&["run", "keyed.yaml", "-p", "text=a", "--format", "json"]).ended(1).json();
    let codes: Vec<_> = said["findings"].as_array().unwrap().iter().map(|finding| finding["code"].clone()).collect();
    assert_eq!(codes, ["J0603", "J0102", "J0102", "J0101"], "{said}");
}

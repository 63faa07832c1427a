//! `wayfarer.yaml`: the commands work by it, flags and environment lead over it, and its mistakes are shown as findings.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value as Json, json};

use crate::rig::Rig;
use crate::served::Served;

const FILE: &str = r#"
data: state
issuer: https://id.example.com
applications:
  default:
    name: The Shop
    one_time_passcodes: { length: 8, expires_in: 2m }
    clients: [support, web]
clients:
  support: { scopes: ["otp:direct"] }
  web: { public: true, scopes: ["journeys:run"], origins: ["https://shop.example.com"] }
"#;

fn ask(rig: &Rig, words: &[&str]) -> Json {
    rig.say(&[words, &["--format", "json"]].concat()).ended(0).json()
}

#[test]
fn every_command_works_by_the_file_of_this_folder() {
    let rig = Rig::new();
    rig.file("wayfarer.yaml", FILE);
    ask(&rig, &["user", "add", "--external-user-id", "user123"]);
    assert!(rig.path("state").is_dir() && rig.path("state.keys").is_file() && !rig.path(".wayfarer").exists());
    let issued = ask(&rig, &["code", "issue", "--identifier", "user123"]);
    assert_eq!(issued["code"].as_str().unwrap().len(), 8);
    let listed = ask(&rig, &["client", "list"]);
    assert_eq!(listed["clients"].as_array().unwrap().len(), 2, "{listed}");
    let rotated = ask(&rig, &["client", "rotate", "support"]);
    assert!(rotated["client_secret"].as_str().unwrap().starts_with("wfs_"));

    std::fs::create_dir(rig.path("elsewhere")).unwrap();
    rig.file("elsewhere/other.yaml", "data: here");
    ask(&rig, &["user", "add", "--config", "elsewhere/other.yaml", "--external-user-id", "user123"]);
    assert!(rig.path("elsewhere/here").is_dir(), "paths are seen from the file's folder");
    ask(&rig, &["user", "add", "--data", "flag", "--external-user-id", "user123"]);
    assert!(rig.path("flag").is_dir(), "a flag leads");
    let mut command = rig.command();
    command.env("WAYFARER_DATA", "environment").args(["user", "add", "--external-user-id", "user123"]);
    assert!(command.status().unwrap().success() && rig.path("environment").is_dir(), "the environment leads");
}

#[test]
fn a_server_says_what_it_made_of_the_file() {
    let rig = Rig::new();
    rig.file("wayfarer.yaml", FILE);
    let served = Served::start(&rig, "127.0.0.1:0", &[]);
    let report = &served.report;
    assert_eq!(
        (&report["issuer"], &report["profile"]),
        (&json!("https://id.example.com"), &json!("mosaic-compatible"))
    );
    assert_eq!(report["applications"], json!(["default (The Shop)"]));
    assert!(report["relaxed"][0].as_str().unwrap().contains("need not say who of its people asks"), "{report}");
    assert_eq!(report["relaxed"].as_array().map(Vec::len), Some(1), "{report}");
    assert_eq!(report["changed"].as_array().map(Vec::len), Some(2), "{report}");
    assert!(report["todo"].to_string().contains("`wayfarer client rotate support`"), "{report}");
    served.stop().ended(0);
    ask(&rig, &["client", "rotate", "support", "--data", "data"]);

    rig.file("wayfarer.yaml", FILE.replace("[support, web]", "[support]").replace("  web:", "# web:"));
    let served = Served::start(&rig, "127.0.0.1:0", &[]);
    let changed = served.report["changed"].to_string();
    assert!(changed.contains("`web` is disabled") && !changed.contains("support"), "{changed}");
    assert_eq!(served.report["todo"], json!([]));
    served.stop().ended(0);
}

#[test]
fn mistakes_in_the_file_are_findings() {
    let rig = Rig::new();
    rig.file("wayfarer.yaml", "isuer: https://id.example.com\nlisten: { public: 8080 }\n");
    std::fs::create_dir(rig.path("other")).unwrap();
    rig.file("empty.yaml", "");
    for words in [&["user", "show", "--identifier", "x"][..], &["serve"], &["check", "."]] {
        let found = rig.say(&[words, &["--format", "json"]].concat()).ended(1).json();
        let codes: Vec<_> = found["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
        assert_eq!(codes, ["J0101", "J0103"], "{words:?}: {found}");
        assert_eq!((&found["findings"][0]["line"], &found["findings"][0]["column"]), (&json!(1), &json!(1)));
    }
    rig.file("other/wayfarer.yaml", "isuer: x");
    let said = rig.say(&["check", "other/wayfarer.yaml", "--config", "empty.yaml"]).ended(1);
    assert!(said.err.contains("other/wayfarer.yaml:1:1"), "{said:?}");
    rig.file("other/wayfarer.yaml", "issuer: https://x.y");
    let said = rig.say(&["check", "other/wayfarer.yaml", "--config", "empty.yaml"]).ended(0);
    assert!(said.err.contains("no findings in other/wayfarer.yaml"), "{said:?}");
    let said = rig.say(&["serve"]).ended(1);
    for word in ["error[J0101]", "wayfarer.yaml:1:1", "did you mean `issuer`?", "2 errors in wayfarer.yaml"] {
        assert!(said.err.contains(word), "{word}: {}", said.err);
    }
    assert!(rig.say(&["explain", "J0601"]).ended(0).out.contains("out of its bounds"), "it explains what is wrong");
    let none = rig.say(&["serve", "--config", "nowhere.yaml", "--format", "json"]).ended(2).json();
    assert_eq!(none["error"]["code"], "cannot_open");
}

#[test]
fn the_profile_hardened_serves_nothing_that_is_relaxed() {
    let rig = Rig::new();
    let journeys = crate::rig::journeys();
    let serve = [
        "serve",
        "--profile",
        "hardened",
        "--journeys",
        &journeys,
        "--listen",
        "127.0.0.1:0",
        "--admin-listen",
        "127.0.0.1:0",
    ];
    let said = rig.ask(&serve).ended(2);
    assert!(said.err.contains("the profile `hardened` does not allow: the issuer `http://localhost`"), "{}", said.err);
    let served = Served::start(&rig, "127.0.0.1:0", &["--profile", "hardened", "--issuer", "https://id.example.com"]);
    assert_eq!((&served.report["profile"], &served.report["relaxed"]), (&json!("hardened"), &json!([])));
    served.stop().ended(0);
}

#[test]
fn the_profile_hardened_asks_who_issues_a_code_and_what_was_seen() {
    let rig = Rig::new();
    rig.file("wayfarer.yaml", format!("profile: hardened{}", FILE.replace("data: state", "data: data")));
    ask(&rig, &["user", "add", "--external-user-id", "user123"]);
    let issue = ["code", "issue", "--identifier", "user123", "--format", "json"];
    let refused = rig.say(&issue).ended(2);
    assert!(refused.err.contains("`evidence` is required"), "{refused:?}");
    rig.say(&[&issue[..], &["--evidence", "case 4711"]].concat()).ended(0);

    let rotated = ask(&rig, &["client", "rotate", "support"]);
    let served = Served::by("serve", &rig, &crate::rig::journeys(), "127.0.0.1:0", &[]);
    let secret = rotated["client_secret"].as_str().unwrap();
    let form = format!("grant_type=client_credentials&client_id=support&client_secret={secret}");
    let typed = ["content-type: application/x-www-form-urlencoded"];
    let (_, token) = served.call("public", "POST /oidc/token", &typed, &form);
    let bearer = format!("authorization: Bearer {}", token["access_token"].as_str().unwrap());
    let body = r#"{"channel":"direct","identifier_type":"external_user_id","identifier":"user123"}"#;
    let send = |further: &[&str]| {
        let headers = [&[bearer.as_str(), "content-type: application/json"], further].concat();
        served.call("public", "POST /cis/v1/auth/otp/send", &headers, body)
    };
    for (further, missing) in [(&[][..], "`agent`"), (&["wayfarer-agent: sam"], "`evidence`")] {
        let (status, refused) = send(further);
        assert!(status == 400 && refused.to_string().contains(missing), "{status} {refused}");
    }
    let (status, issued) = send(&["wayfarer-agent: sam", "wayfarer-evidence: case 4711"]);
    assert_eq!((status, issued["code"].as_str().map(str::len)), (200, Some(8)), "{issued}");
    served.stop().ended(0);
    let trail = ask(&rig, &["audit", "show", "--name", "tempcode.issued", "--limit", "1"]);
    let fact = &trail["entries"][0];
    assert_eq!(fact["actor"], json!({ "kind": "agent", "id": "support/sam" }));
    assert!(fact.to_string().contains("case 4711"), "{fact}");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let rig = Rig::new();
    let (chain, key) = (rig.file("chain.pem", "none"), rig.file("key.pem", "none"));
    let mut words = vec!["serve", "--tls-certificates", &chain, "--tls-key", &key];
    std::fs::set_permissions(rig.path("key.pem"), PermissionsExt::from_mode(0o640)).unwrap();
    assert_eq!(rig.ask(&words).ended(2).json()["error"]["code"], "key_file_exposed");
    std::fs::set_permissions(rig.path("key.pem"), PermissionsExt::from_mode(0o600)).unwrap();
    let said = rig.ask(&words).ended(2);
    assert!(said.err.contains("there is no certificate that can be read"), "{}", said.err);
    words.truncate(3);
    assert_eq!(rig.ask(&words).ended(2).json()["error"]["code"], "usage", "one goes not without the other");
}

/// A certificate that vouches for itself, in the files that the server reads.
#[cfg(unix)]
fn certify(rig: &Rig) -> CertificateDer<'static> {
    use std::os::unix::fs::PermissionsExt;
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    rig.file("chain.pem", made.cert.pem());
    rig.file("key.pem", made.signing_key.serialize_pem());
    std::fs::set_permissions(rig.path("key.pem"), PermissionsExt::from_mode(0o600)).unwrap();
    made.cert.der().clone()
}

/// What the server says to a caller who trusts one certificate.
#[cfg(unix)]
fn trusting(trusted: &CertificateDer<'static>, served: &Served) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let stream = TcpStream::connect(served.report["public"].as_str().unwrap()).unwrap();
    let mut stream = StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream);
    stream.write_all(b"GET /.well-known/jwks.json HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut heard = String::new();
    stream.read_to_string(&mut heard)?;
    Ok(heard)
}

#[cfg(unix)]
#[test]
fn applications_call_by_https_and_sighup_takes_new_certificates() {
    let rig = Rig::new();
    let first = certify(&rig);
    let words = ["--tls-certificates", "chain.pem", "--tls-key", "key.pem"];
    let mut served = Served::start(&rig, "127.0.0.1:0", &words);
    assert_eq!(served.report["https"], true);
    let heard = trusting(&first, &served).unwrap();
    assert!(heard.starts_with("HTTP/1.1 200") && heard.contains("strict-transport-security"), "R82: {heard}");

    let second = certify(&rig);
    served.reload();
    assert!(trusting(&first, &served).is_err(), "the old one is shown no more");
    assert!(trusting(&second, &served).unwrap().starts_with("HTTP/1.1 200"));

    rig.file("key.pem", "broken");
    served.reload();
    assert!(trusting(&second, &served).is_ok(), "what cannot be used replaces nothing");
    let said = served.stop().ended(0);
    assert!(said.err.contains("the certificates stay as they were"), "{said:?}");
}

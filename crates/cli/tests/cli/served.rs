//! `serve`: the built binary listens, is called as applications call it, and stops when it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value as Json, json};

use crate::rig::{Rig, Said};

const BROKEN: &str = "journey: broken\nsteps: { a: { type: complete_journy } }\n";

/// A server that is ended with its test.
pub(crate) struct Served {
    child: Option<Child>,
    out: BufReader<ChildStdout>,
    pub(crate) report: Json,
}

impl Served {
    pub(crate) fn start(rig: &Rig, listen: &str, further: &[&str]) -> Self {
        Self::on(rig, &crate::rig::journeys(), listen, further)
    }

    /// A server on journeys of the test's own.
    pub(crate) fn on(rig: &Rig, journeys: &str, listen: &str, further: &[&str]) -> Self {
        Self::by("serve", rig, journeys, listen, further)
    }

    /// The same by another verb.
    pub(crate) fn by(verb: &str, rig: &Rig, journeys: &str, listen: &str, further: &[&str]) -> Self {
        Self::over("data", verb, rig, journeys, listen, further)
    }

    /// The same over the store of another folder.
    pub(crate) fn over(data: &str, verb: &str, rig: &Rig, journeys: &str, listen: &str, further: &[&str]) -> Self {
        let words = [verb, "--listen", listen, "--admin-listen", "127.0.0.1:0", "--journeys", journeys];
        let mut command = rig.command();
        command.args(words).args(["--data", data, "--format", "json"]).args(further);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut served = Self { child: Some(child), out, report: Json::Null };
        served.report = served.line();
        served
    }

    /// The next line for machines.
    pub(crate) fn line(&mut self) -> Json {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| json!({ "line": line }))
    }

    /// Has everything read anew.
    pub(crate) fn reload(&mut self) -> Json {
        self.signal("-HUP");
        self.line()
    }

    fn signal(&self, signal: &str) {
        let child = self.child.as_ref().unwrap();
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    }

    pub(crate) fn call(&self, listener: &str, head: &str, headers: &[&str], body: &str) -> (u16, Json) {
        let mut stream = TcpStream::connect(self.report[listener].as_str().unwrap()).unwrap();
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let length = body.len();
        let head = format!(
            "{head} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).unwrap();
        let (head, body) = heard.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
    }

    /// The measures, as they are scraped.
    fn metrics(&self) -> String {
        let mut stream = TcpStream::connect(self.report["admin"].as_str().unwrap()).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).unwrap();
        heard
    }

    /// Tells it to stop, as a service manager does.
    pub(crate) fn stop(mut self) -> Said {
        self.signal("-TERM");
        let child = self.child.take().unwrap();
        child.wait_with_output().unwrap().into()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

pub(crate) fn add(rig: &Rig, words: &[&str]) -> Json {
    rig.ask(&[&["client", "add"], words].concat()).ended(0).json()
}

#[test]
fn support_gets_a_code_over_http_and_the_user_gets_in() {
    let rig = Rig::new();
    rig.user("user123");
    let support = add(&rig, &["support", "--scope", "otp:direct"]);
    add(&rig, &["web", "--public", "--scope", "journeys:run", "--origin", "https://app.example.com"]);
    let served = Served::start(&rig, "127.0.0.1:0", &["--issuer", "https://id.example.com"]);
    assert_eq!(served.report["clients"], 2, "{}", served.report);
    assert_eq!(
        served.report["relaxed"].as_array().map(Vec::len),
        Some(2),
        "six digits, nobody named: {}",
        served.report
    );
    assert_eq!(served.call("admin", "GET /ready", &[], "").0, 200);

    let secret = support["client_secret"].as_str().unwrap();
    let form = format!("grant_type=client_credentials&client_id=support&client_secret={secret}");
    let typed = ["content-type: application/x-www-form-urlencoded"];
    let (status, token) = served.call("public", "POST /oidc/token", &typed, &form);
    assert_eq!(status, 200, "{token}");

    let bearer = format!("authorization: Bearer {}", token["access_token"].as_str().unwrap());
    let body = r#"{"channel":"direct","identifier_type":"external_user_id","identifier":"user123","expires_in":600}"#;
    let headers = [bearer.as_str(), "content-type: application/json"];
    let (status, issued) = served.call("public", "POST /cis/v1/auth/otp/send", &headers, body);
    assert_eq!(status, 200, "{issued}");

    let params = json!({ "external_user_id": "user123", "temp_code": issued["code"] });
    let start = json!({ "headers": [], "data": { "policy_request_id": "temp_code_auth_journey", "params": params } });
    let headers = ["content-type: application/json", "origin: https://app.example.com"];
    let address = "POST /ido/api/v2/auth/anonymous_invoke?clientId=web";
    let (status, answer) = served.call("public", address, &headers, &start.to_string());
    assert_eq!((status, &answer["data"]["state"]), (200, &json!("completed")), "{answer}");

    let measured = served.metrics();
    for line in [
        r#"wayfarer_runs_total{journey="temp_code_auth_journey",event="completed"} 1"#,
        r#"wayfarer_step_calls_total{step="temp_code_authentication",end="answered"} 1"#,
        r#"wayfarer_http_requests_total{interface="journeys",status="200"} 1"#,
        r#"wayfarer_http_connections{listener="admin"} 1"#,
        "wayfarer_runs_waiting 0",
    ] {
        assert!(measured.contains(line), "{line} is not in:\n{measured}");
    }
    assert!(!measured.contains("user123") && !measured.contains(issued["code"].as_str().unwrap()));

    let held = rig.run("user123", "123456").ended(2).json();
    assert_eq!(held["error"]["code"], "store_held", "one process holds a store");
    let said = served.stop().ended(0);
    assert!(said.err.contains("stopping") && said.err.contains("stopped"), "{said:?}");

    let trail = rig.ask(&["audit", "show", "--name", "tempcode.issued"]).ended(0).json();
    assert_eq!(trail["entries"][0]["actor"], json!({ "kind": "client", "id": "support" }));
    assert_eq!(rig.ask(&["audit", "verify"]).ended(0).json()["intact"], true);
}

#[test]
fn the_report_names_what_is_relaxed() {
    let rig = Rig::new();
    add(&rig, &["dev", "--public", "--scope", "journeys:run", "--origin", "http://localhost:*"]);
    let served = Served::start(&rig, "0.0.0.0:0", &[]);
    let relaxed = served.report["relaxed"].to_string();
    for word in [
        "the issuer `http://localhost`",
        "by plain HTTP",
        "`http://localhost:*` may call on behalf of the client `dev`",
    ] {
        assert!(relaxed.contains(word), "{word}: {relaxed}");
    }
    served.stop().ended(0);
}

#[test]
fn journeys_with_mistakes_are_shown_and_not_served() {
    let rig = Rig::new();
    std::fs::create_dir(rig.path("journeys")).unwrap();
    rig.file("journeys/broken.yaml", BROKEN);
    let found = rig.ask(&["serve"]).ended(1).json();
    assert_eq!(found["findings"][0]["file"].as_str().map(|file| file.ends_with("broken.yaml")), Some(true), "{found}");
    let said = rig.say(&["serve", "--data", "data"]).ended(1);
    assert!(said.err.contains("complete_journy") && said.out.is_empty(), "{said:?}");
    assert!(!rig.path("data").exists(), "no store is made for it");
    let none = rig.ask(&["serve", "--journeys", "nowhere"]).ended(2).json();
    assert_eq!(none["error"]["code"], "cannot_open");
}

#[test]
fn what_cannot_be_served_is_said() {
    let rig = Rig::new();
    let journeys = crate::rig::journeys();
    for issuer in
        ["id.example.com", "ftp://id.example.com", "https://", "https:///x", "https://id.example.com/?x", "https://a b"]
    {
        let said = rig.ask(&["serve", "--journeys", &journeys, "--issuer", issuer]).ended(2).json();
        assert_eq!(said["error"]["code"], "usage", "{issuer}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = rig.ask(&["serve", "--journeys", &journeys, "--listen", &address]).ended(2).json();
    assert_eq!(said["error"]["code"], "cannot_listen");
}

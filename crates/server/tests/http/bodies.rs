//! Every call that may change something, with every body that nobody sends by mistake: each gets a clear refusal in the words of
//! its interface, and nothing changes (R78, R80, R83).

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wayfarer::identity::{ClientScope, NewClient};
use wayfarer::store::{Key, Record};
use wayfarer::{AuditQuery, KeyRing, ManualClock, MemoryStore, Store, Wayfarer};
use wayfarer_server::{Limits, Settings};

use crate::openapi::document;
use crate::own::TWO;
use crate::rig::{Reply, SUPPORT, World, prompt, wire};

/// A call, with the listener that takes it.
struct Call {
    address: SocketAddr,
    method: String,
    path: String,
}

/// Every call that takes a body.
fn calls(world: &World) -> Vec<Call> {
    let mut calls = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation.get("requestBody").is_some() {
                let address = if path.starts_with("/admin") { world.admin } else { world.public };
                let path = path.replace("{journey}", "two").replace("{run_id}", "01234567-89ab-7def-8123-456789abcdef");
                let path = path.replace("{user_id}", "nobody").replace("{client_id}", "nobody");
                let path = path.replace("{key}", "0123456789abcdef");
                let path = if path.starts_with("/ido/") { format!("{path}?clientId=web") } else { path };
                calls.push(Call { address, method: method.to_uppercase(), path });
            }
        }
    }
    calls
}

fn bodies() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    const JSON: &str = "content-type: application/json\r\n";
    let deep = format!("{{\"canary\":{}{}}}", "[".repeat(40), "]".repeat(40));
    let wide = format!("{{{}}}", (0..1_001).map(|key| format!("\"canary{key}\":0")).collect::<Vec<_>>().join(","));
    let large = format!("{{\"canary\":\"{}\"}}", "x".repeat(65 << 10));
    vec![
        ("too large", JSON, large.into_bytes()),
        ("too deep", JSON, deep.into_bytes()),
        ("too many keys", JSON, wide.into_bytes()),
        ("a key twice", JSON, b"{\"extra\":\"canary\",\"extra\":2}".to_vec()),
        ("not UTF-8", JSON, b"{\"canary\":\"\xff\"}".to_vec()),
        ("half a body", JSON, b"{\"canary\":".to_vec()),
        ("more than a body", JSON, b"{} {\"canary\":1}".to_vec()),
        ("nothing", JSON, Vec::new()),
        ("no object", JSON, b"[\"canary\"]".to_vec()),
        ("an unknown member", JSON, b"{\"extra\":\"canary\"}".to_vec()),
        ("no type", "", b"{\"canary\":1}".to_vec()),
        ("text", "content-type: text/plain\r\n", b"{\"canary\":1}".to_vec()),
        ("a form with files", "content-type: multipart/form-data; boundary=x\r\n", b"--x--".to_vec()),
        ("two types", "content-type: application/json\r\ncontent-type: text/plain\r\n", b"{}".to_vec()),
    ]
}

/// A server, and the store that it keeps everything in.
async fn kept(settings: Settings) -> (World, Arc<MemoryStore>) {
    let clock = ManualClock::default();
    let store = Arc::new(MemoryStore::new(clock.clone()).unwrap());
    let builder = Wayfarer::on_store(store.clone(), KeyRing::ephemeral().unwrap());
    (World::on(builder, clock, settings, &[TWO]).await.peopled().await, store)
}

/// Everything that is kept: every record as it is sealed, with its version and times, and how much the audit trail says but for
/// what was refused. That the trail is sealed from time to time changes nothing.
async fn all(world: &World, store: &MemoryStore) -> (Vec<(Key, Record)>, usize) {
    let mut records = store.walk(None, 100_000).await.unwrap();
    records.retain(|(key, _)| !key.kind.as_str().starts_with("log-"));
    assert!(records.len() > 10, "the test looks in the wrong place: {records:?}");
    let query = AuditQuery { limit: 10_000, ..AuditQuery::default() };
    let page = world.host.identity().audit(world.host.tenant(), &query).await.unwrap();
    (records, page.entries.iter().filter(|entry| !entry.fact.name.ends_with("refused")).count())
}

async fn operator(world: &World) -> String {
    let operator = NewClient { client_id: Some("operator".to_owned()), ..NewClient::confidential("default") };
    let (_, secret) = world.client(&operator.scopes(ClientScope::ALL)).await;
    world.token_of("operator", &secret, "").await
}

#[tokio::test]
async fn r78_r80_r83_no_call_takes_a_hostile_body_and_none_changes_anything() {
    let (world, store) = kept(prompt()).await;
    let token = operator(&world).await;
    let (before, calls) = (all(&world, &store).await, calls(&world));
    assert!(calls.len() > 20, "{} calls", calls.len());
    let mut seen = BTreeSet::new();
    for Call { address, method, path } in &calls {
        for (what, kind, body) in bodies() {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
                 wayfarer-agent: sam\r\nwayfarer-handle: a.b\r\n{kind}content-length: {}\r\n\r\n",
                body.len()
            );
            let reply = Reply::read(&wire(*address, &[head.as_bytes(), &body].concat()).await);
            let told = format!("{method} {path} with {what}: {reply:?}");
            assert!((400..500).contains(&reply.status), "{told}");
            assert!(reply.json().is_object(), "{told}");
            assert!(!reply.body.contains("canary"), "what was sent comes back: {told}");
            seen.insert(reply.status);
        }
    }
    assert!(seen.is_superset(&BTreeSet::from([400, 413, 415])), "{seen:?}");
    assert_eq!(all(&world, &store).await, before, "something has changed");
}

#[tokio::test]
async fn no_call_answers_a_request_that_is_hidden_in_another() {
    let (world, store) = kept(prompt()).await;
    let token = operator(&world).await;
    let before = all(&world, &store).await;
    let hidden = "POST /admin/v1/users HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}";
    for Call { address, method, path } in &calls(&world) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
        );
        for (what, rest) in [
            ("both lengths", format!("content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{hidden}")),
            ("two lengths", format!("content-length: 0\r\ncontent-length: {}\r\n\r\n{hidden}", hidden.len())),
            ("a list of lengths", format!("content-length: 0, {}\r\n\r\n{hidden}", hidden.len())),
            ("a signed length", format!("content-length: +0\r\n\r\n{hidden}")),
            ("another coding", format!("transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n{hidden}")),
            ("a coding in disguise", format!("transfer-encoding : chunked\r\n\r\n0\r\n\r\n{hidden}")),
            ("a folded header", format!("x: y\r\n z\r\ncontent-length: 0\r\n\r\n{hidden}")),
            ("a chunk without an end", format!("transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{hidden}")),
        ] {
            let heard = wire(*address, [&head, rest.as_str()].concat().as_bytes()).await;
            let told = format!("{method} {path} with {what}: {heard}");
            assert!(heard.matches("HTTP/1.1 ").count() <= 1, "{told}");
            assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 4"), "{told}");
        }
    }
    assert_eq!(all(&world, &store).await, before, "something has changed");
}

/// What is announced and does not come: the caller waits, or goes.
#[tokio::test]
async fn r83_a_body_that_ends_early_is_cut_whatever_it_says_so_far_and_changes_nothing() {
    let limits = Limits { body: Duration::from_millis(50), ..prompt().limits };
    let (world, store) = kept(Settings { limits, ..prompt() }).await;
    let token = operator(&world).await;
    let before = all(&world, &store).await;
    for Call { address, method, path } in &calls(&world) {
        let (kind, body) = if path.ends_with("/oidc/token") {
            let form = format!("grant_type=client_credentials&client_id={SUPPORT}&client_secret={}", world.secret);
            ("application/x-www-form-urlencoded", form)
        } else {
            ("application/json", whole(path))
        };
        for (goes, expected) in [(false, 408), (true, 400)] {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
                 wayfarer-agent: sam\r\nwayfarer-handle: a.b\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len() + 1
            );
            let heard = cut(*address, head.as_bytes(), goes).await;
            let told = format!("{method} {path}, {goes}: {heard}");
            assert!(heard.starts_with(&format!("HTTP/1.1 {expected} ")) || (goes && heard.is_empty()), "{told}");
        }
    }
    assert_eq!(all(&world, &store).await, before, "something has changed");
}

/// A body with which the call would change something, if it were all.
fn whole(path: &str) -> String {
    let body = match path {
        "/cis/v1/users" | "/admin/v1/users" => json!({ "external_user_id": "new" }),
        "/admin/v1/clients" => json!({ "client_id": "new", "scopes": ["users:read"] }),
        "/v1/journeys/two/runs" => json!({ "params": {} }),
        _ if path.contains("anonymous_invoke") => {
            json!({ "headers": [], "data": { "policy_request_id": "two", "params": {} } })
        }
        _ => json!({}),
    };
    body.to_string()
}

/// Sends bytes and takes what comes back, having said that no more will come if the caller `goes`.
async fn cut(address: SocketAddr, bytes: &[u8], goes: bool) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(bytes).await;
    if goes {
        let _ = stream.shutdown().await;
    }
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard).await;
    String::from_utf8(heard).unwrap()
}

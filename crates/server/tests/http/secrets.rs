//! R114: no code, token, secret or handle is in a log at any level, a measure, the audit trail or a refusal, on the way of
//! every call.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::{Value as Json, json};
use tracing_subscriber::fmt::MakeWriter;
use wayfarer::AuditQuery;

use crate::edge::admin;
use crate::rig::{FORM, Page, Reply, World, wrong};

/// What this program logs, at every level.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

/// The log. From the first call on everything goes there: each world asks for it, so that no place that logs is passed
/// before somebody listens.
pub(crate) fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        // Without the time: its digits could be those of a code.
        let subscriber =
            tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).without_time();
        subscriber.with_writer(log.clone()).init();
        log
    })
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Where something secret could come out.
#[derive(Default)]
struct Sinks(Vec<(String, String)>);

impl Sinks {
    /// Keeps an answer that refuses something; it must not repeat what was sent.
    fn refused(&mut self, what: &str, reply: &Reply) {
        self.0.push((format!("the answer to {what}"), format!("{:?}\n{}", reply.headers, reply.body)));
    }

    #[track_caller]
    fn search(&self, canaries: &[&str]) {
        for (sink, text) in &self.0 {
            for canary in canaries {
                assert!(!canary.is_empty(), "nothing would be searched for");
                let line = text.lines().find(|line| line.contains(canary));
                assert!(line.is_none(), "`{canary}` is in {sink}: {line:?}");
            }
        }
    }
}

/// R114, R121: what is secret goes through every flow, right and wrong; then every sink is searched.
#[tokio::test]
async fn r114_nothing_secret_and_nobodys_identifier_comes_out_of_any_sink() {
    let world = World::new().await;
    let mut sinks = Sinks::default();
    let token = world.token().await;
    let new = json!({ "email": "canary@example.com", "external_user_id": "user123" });
    world.call("POST", "/cis/v1/users", &token, &new).await;
    world.call("GET", "/cis/v1/users/email/canary%40example.com", &token, &Json::Null).await;
    let send = json!({ "channel": "direct", "identifier_type": "email", "identifier": "canary@example.com", "expires_in": 900 });
    // Eight digits, so that no time looks like a code by accident.
    let code =
        world.call("POST", "/cis/v1/auth/otp/send", &token, &send).await.json()["code"].as_str().unwrap().to_owned();

    let bad = format!("grant_type=client_credentials&client_id=support&client_secret={}x", world.secret);
    sinks.refused("a wrong secret", &world.send("POST", "/oidc/token", FORM, &bad).await);
    sinks.refused("a wrong token", &world.call("GET", "/cis/v1/users/x", &format!("{token}x"), &Json::Null).await);
    let odd = json!({ "channel": "direct", "identifier_type": "email", "identifier": "canary-person", "password": "canary-password" });
    sinks.refused("an unknown field", &world.call("POST", "/cis/v1/auth/otp/send", &token, &odd).await);
    let cookie = [("cookie", "session=canary-cookie"), ("authorization", "Basic canary-basic")];
    for path in ["/canary-path", "/v1/canary-path?code=canary-query", "/cis/v1/users/canary-path", "/ido/canary-path"] {
        sinks.refused(path, &world.send("GET", path, &cookie, "").await);
    }
    sinks.refused("no JSON", &world.send("POST", "/cis/v1/users", &cookie, "{\"canary-body\": canary-body}").await);

    let mut page = Page::new(&world);
    page.start("recovery_by_form", json!({ "canary_parameter": "canary-value" })).await;
    let (sid, first) = (page.sid.clone().unwrap(), page.element()["assertion_id"].as_str().unwrap().to_owned());
    page.input(json!({ "identifier": "user123", "temp_code": wrong(&code) })).await;
    let second = page.element()["assertion_id"].as_str().unwrap().to_owned();
    page.input(json!({ "identifier": "user123", "temp_code": code })).await;
    let access = page.last["data"]["token"].as_str().unwrap().to_owned();
    let again = page.start("temp_code_auth_journey", json!({ "external_user_id": "user123", "temp_code": code })).await;
    sinks.refused("a used code", &again);

    let identity = world.host.identity();
    let query = AuditQuery { limit: 10_000, ..AuditQuery::default() };
    let trail = identity.audit(world.host.tenant(), &query).await.unwrap();
    assert!(trail.entries.iter().any(|entry| entry.fact.name == "tempcode.verified"));
    sinks.0.push(("the audit trail".to_owned(), serde_json::to_string_pretty(&trail).unwrap()));
    let measures = admin(&world, "GET /metrics").await.body;
    assert!(measures.contains("wayfarer_facts_total{name=\"tempcode.verified\"} 1"), "{measures}");
    // The numbers that are measured may look like any code.
    let labels: Vec<_> =
        measures.lines().map(|line| line.rsplit_once(' ').map_or(line, |(labels, _)| labels)).collect();
    sinks.0.push(("the measures".to_owned(), labels.join("\n")));
    let text = String::from_utf8(log().0.lock().unwrap().clone()).unwrap();
    for seen in ["answered", "face=\"journeys\"", "wayfarer::fact", "tempcode.attempt_failed", "step{id="] {
        assert!(text.contains(seen), "`{seen}` was not logged");
    }
    sinks.0.push(("the log".to_owned(), text));

    let wrong = wrong(&code);
    sinks.search(&[
        &token,
        token.rsplit('.').next().unwrap(),
        &world.secret,
        &code,
        &wrong,
        &first,
        &second,
        &access,
        access.rsplit('.').next().unwrap(),
        "canary@example.com",
        "canary%40",
        "canary-",
        "canary_parameter",
    ]);
    // It names the run for its client, who gets it in each answer.
    sinks.0.retain(|(sink, _)| !sink.starts_with("the answer"));
    sinks.search(&[&sid]);
}

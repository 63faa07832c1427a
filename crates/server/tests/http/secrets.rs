//! R114: no code, token, secret or handle is in a log, at any level, on the way of every call.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::{Value as Json, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::rig::{FORM, Page, World, wrong};

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

#[tokio::test]
async fn nothing_secret_and_nobodys_identifier_is_logged() {
    let world = World::new().await;
    let token = world.token().await;
    let new = json!({ "email": "canary@example.com", "external_user_id": "user123" });
    world.call("POST", "/cis/v1/users", &token, &new).await;
    world.call("GET", "/cis/v1/users/email/canary%40example.com", &token, &Json::Null).await;
    let send = json!({ "channel": "direct", "identifier_type": "email", "identifier": "canary@example.com" });
    let code =
        world.call("POST", "/cis/v1/auth/otp/send", &token, &send).await.json()["code"].as_str().unwrap().to_owned();
    let bad = format!("grant_type=client_credentials&client_id=support&client_secret={}x", world.secret);
    world.send("POST", "/oidc/token", FORM, &bad).await;
    world.call("GET", "/cis/v1/users/x", &format!("{token}x"), &Json::Null).await;

    let mut page = Page::new(&world);
    page.start("recovery_by_form", json!({ "canary_parameter": "canary-value" })).await;
    let (sid, first) = (page.sid.clone().unwrap(), page.element()["assertion_id"].as_str().unwrap().to_owned());
    page.input(json!({ "identifier": "user123", "temp_code": wrong(&code) })).await;
    let second = page.element()["assertion_id"].as_str().unwrap().to_owned();
    page.input(json!({ "identifier": "user123", "temp_code": code })).await;
    let access = page.last["data"]["token"].as_str().unwrap().to_owned();

    let text = String::from_utf8(log().0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("answered") && text.contains("face=\"journeys\""), "the log was not seen");
    let canaries = [
        token.as_str(),
        &world.secret,
        &code,
        &wrong(&code),
        &sid,
        &first,
        &second,
        &access,
        "canary@example.com",
        "canary%40",
        "canary-value",
        "canary_parameter",
    ];
    for canary in canaries {
        let line = text.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "`{canary}` is in the log: {line:?}");
    }
}

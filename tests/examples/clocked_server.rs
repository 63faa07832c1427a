//! The server under a clock that stands still: an origin comes in as the argument, and seconds to advance as lines; where it
//! listens goes out, and the end of each advance. The tests in a browser use it for what only time can change.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use wayfarer::identity::{ClientScope, NewClient, Origin, SystemEntropy};
use wayfarer::step::Actor;
use wayfarer::{ManualClock, Wayfarer, json};
use wayfarer_server::{Listeners, Parts, Server, Settings};

const REFERENCE: &str = include_str!("../../journeys/temp_code_auth_journey.yaml");
const HAND_OVER: &str = include_str!("../../journeys/hand_over_start.yaml");

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let origin = std::env::args().nth(1).unwrap();
    let clock = ManualClock::default();
    let open = Wayfarer::in_memory().clock(clock.clone()).journey("reference.yaml", REFERENCE);
    let host = open.journey("hand_over_start.yaml", HAND_OVER).open().await.unwrap();
    let web = NewClient {
        client_id: Some("web".to_owned()),
        confidential: false,
        origins: vec![Origin::new(&origin).unwrap()],
        ..NewClient::confidential("default")
    };
    let support = NewClient { client_id: Some("support".to_owned()), ..NewClient::confidential("default") };
    let scopes = [ClientScope::OtpDirect, ClientScope::UsersWrite];
    let (identity, tenant, actor) = (host.identity(), host.tenant(), Actor::system());
    identity.add_client(tenant, &actor, &web.scopes([ClientScope::JourneysRun])).await.unwrap();
    let added = identity.add_client(tenant, &actor, &support.scopes(scopes)).await.unwrap();

    let listeners = Listeners { public: listener().await, admin: listener().await };
    let public = listeners.public.local_addr().unwrap().to_string();
    say(&json!({ "public": public, "secret": added.secret.unwrap().expose() }));

    let (stop, stopped) = oneshot::channel::<()>();
    let (heard, mut orders) = mpsc::channel(1);
    // Whoever started it closes its input, which ends it.
    std::thread::spawn(move || {
        let lines = std::io::stdin().lock().lines().map_while(Result::ok);
        for line in lines {
            heard.blocking_send(line.parse::<i64>().unwrap()).unwrap();
        }
    });
    tokio::spawn(async move {
        while let Some(seconds) = orders.recv().await {
            clock.advance(SignedDuration::from_secs(seconds));
            say(&json!({ "advanced": seconds }));
        }
        drop(stop);
    });
    let parts = Parts {
        engine: host.engine().clone(),
        identity: host.identity().clone(),
        tenant: host.tenant().clone(),
        entropy: Arc::new(SystemEntropy),
        keeper: None,
    };
    let settings = Settings { tick: Duration::from_millis(50), ..Settings::default() };
    let ended = Server::new(parts, settings).serve(listeners, async {
        drop(stopped.await);
    });
    ended.await;
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn say(line: &serde_json::Value) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

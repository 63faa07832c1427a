//! R114: no code, token, secret, handle or cookie is in a log at any level, a measure, the audit trail, the store or an answer
//! that is not for it, on the way of every call.

mod canaries;
mod flows;

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use wayfarer::{AuditQuery, ManualClock, Wayfarer};

use self::canaries::Sink;
use self::flows::{ASKED, COUNTED, Flows};
use crate::edge::admin;
use crate::rig::{World, prompt};

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
        subscriber.with_span_events(FmtSpan::NEW).with_writer(log.clone()).init();
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

/// R114, R121: what is secret goes through every call, right and wrong, and may come out where it belongs and nowhere else.
#[tokio::test]
async fn r114_nothing_secret_and_nobodys_identifier_comes_out_of_any_sink() {
    let folder = tempfile::tempdir().unwrap();
    let builder = Wayfarer::in_folder(folder.path().join("data"), folder.path().join("keys"));
    let mut world = World::on(builder, ManualClock::default(), prompt(), &[ASKED, COUNTED]).await;
    world.secret = world.callers().await;
    let mut flows = Flows::new(&world).await;
    flows.users().await;
    flows.codes().await;
    flows.pages().await;
    flows.channels().await;
    flows.own().await;
    flows.frames().await;
    flows.administration().await;
    flows.odd().await;
    let mut canaries = flows.canaries;

    let trail = trail(&world).await;
    for seen in ["tempcode.verified", "client.refused", "client.origin_refused", "user.deleted"] {
        assert!(trail.contains(seen), "`{seen}` is not on record");
    }
    let measures = admin(&world, "GET /metrics").await.body;
    assert!(measures.contains("wayfarer_facts_total{name=\"tempcode.verified\"}"), "{measures}");
    // The numbers that are measured may look like any code.
    let labels: Vec<_> =
        measures.lines().map(|line| line.rsplit_once(' ').map_or(line, |(labels, _)| labels)).collect();
    let store = std::fs::read(folder.path().join("data").join("wayfarer.redb")).unwrap();
    let said = log().0.lock().unwrap().clone();
    for seen in ["answered", "face=\"journeys\"", "wayfarer::fact", "tempcode.attempt_failed", "step{id="] {
        assert!(String::from_utf8_lossy(&said).contains(seen), "`{seen}` was not logged");
    }
    let sinks = [
        Sink { name: "the measures", bytes: labels.join("\n").into_bytes() },
        Sink { name: "the store", bytes: store },
        Sink { name: "the log", bytes: said },
    ];
    let heard = world.heard.lock().unwrap().clone();
    let leaks = canaries.leaks(&heard, &sinks, &trail);
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// All that is on record, refusals of this minute included.
async fn trail(world: &World) -> String {
    let query = AuditQuery { limit: 10_000, ..AuditQuery::default() };
    let trail = world.host.identity().audit(world.host.tenant(), &query).await.unwrap();
    serde_json::to_string_pretty(&trail).unwrap()
}

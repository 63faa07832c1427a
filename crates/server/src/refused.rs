//! What was refused to whom comes in; it goes out to the audit trail, a flood of it as one count (R115).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior};
use wayfarer_engine::TenantId;
use wayfarer_identity::Identity;
use wayfarer_step::{Actor, Fact};

use crate::address::Address;
use crate::metrics::Metrics;
use crate::stop::Stop;

/// Different things that are told apart in one window; what comes beyond is counted by its kind alone. So a flood writes at
/// most twice so many facts a minute, whatever it is made of.
const MOST: usize = 256;

/// The first of its like is recorded at once, the others with their number when this is over.
const WINDOW: Duration = Duration::from_mins(1);

/// Something that was refused. No text of the caller's is in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Refused {
    /// Such as `client.token_refused`.
    pub(crate) name: &'static str,
    /// The client, if there is one of the name that was given.
    pub(crate) client: Option<Arc<str>>,
    /// Why.
    pub(crate) reason: String,
    /// From which network.
    pub(crate) from: Option<IpAddr>,
}

impl Refused {
    pub(crate) fn new(name: &'static str, reason: impl Into<String>, from: Address) -> Self {
        Self { name, client: None, reason: reason.into(), from: from.network() }
    }

    pub(crate) fn client(self, client_id: &Arc<str>) -> Self {
        Self { client: Some(client_id.clone()), ..self }
    }

    /// The same as one of the many that are not told apart.
    fn among_others(&self) -> Self {
        Self { client: None, reason: "others".to_owned(), from: None, name: self.name }
    }

    fn fact(&self, count: u64) -> Fact {
        let id = self.client.clone().unwrap_or_else(|| Arc::from("unknown"));
        let fact = Fact::new(self.name, Actor { kind: "client".into(), id }).result("refused");
        let fact = fact.reason(self.reason.as_str()).detail("count", count);
        match self.from {
            Some(address) => fact.detail("address", address.to_string()),
            None => fact,
        }
    }
}

/// Collects what is refused. A clone is the same.
#[derive(Clone, Default)]
pub(crate) struct Refusals(Arc<Inner>);

#[derive(Default)]
struct Inner {
    kept: Mutex<Kept>,
    metrics: Metrics,
    /// Something is to be recorded.
    news: Notify,
}

#[derive(Default)]
struct Kept {
    /// How often each came in this window beyond the first time.
    further: HashMap<Refused, u64>,
    facts: Vec<Fact>,
}

impl Refusals {
    /// Refusals that are counted there, each of them.
    pub(crate) fn new(metrics: Metrics) -> Self {
        Self(Arc::new(Inner { metrics, ..Inner::default() }))
    }

    /// Notes it. The caller does not wait for the store: how long it takes would tell what was seen before.
    pub(crate) fn note(&self, refused: Refused) {
        self.0.metrics.refused(refused.name);
        let mut kept = self.kept();
        let known = kept.further.len() < MOST || kept.further.contains_key(&refused);
        let refused = if known { refused } else { refused.among_others() };
        if let Some(count) = kept.further.get_mut(&refused) {
            *count = count.saturating_add(1);
            return;
        }
        kept.facts.push(refused.fact(1));
        kept.further.insert(refused, 0);
        drop(kept);
        self.0.news.notify_one();
    }

    /// Records until it is time to stop, and then what is left.
    pub(crate) async fn record(&self, identity: &Identity, tenant: &TenantId, mut stop: Stop) {
        let mut windows = windows();
        loop {
            tokio::select! {
                () = stop.wanted() => {
                    self.close_window();
                    return self.write(identity, tenant).await;
                }
                _ = windows.tick() => self.close_window(),
                () = self.0.news.notified() => {}
            }
            self.write(identity, tenant).await;
        }
    }

    fn close_window(&self) {
        let mut kept = self.kept();
        let further = std::mem::take(&mut kept.further);
        kept.facts
            .extend(further.into_iter().filter(|(_, count)| *count > 0).map(|(refused, count)| refused.fact(count)));
    }

    async fn write(&self, identity: &Identity, tenant: &TenantId) {
        let facts = std::mem::take(&mut self.kept().facts);
        if facts.is_empty() {
            return;
        }
        if let Err(error) = identity.record(tenant, facts.clone()).await {
            tracing::warn!(code = error.code(), "what was refused cannot be recorded now");
            let mut kept = self.kept();
            let room = (2 * MOST).saturating_sub(kept.facts.len());
            kept.facts.extend(facts.into_iter().take(room));
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::disallowed_methods, reason = "how often a flood is recorded is the rim's own affair")]
fn windows() -> tokio::time::Interval {
    let mut windows = tokio::time::interval_at(Instant::now() + WINDOW, WINDOW);
    windows.set_missed_tick_behavior(MissedTickBehavior::Delay);
    windows
}

#[cfg(test)]
mod tests;

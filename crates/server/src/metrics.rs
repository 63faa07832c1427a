//! What happens in runs, steps, requests and the store comes in; counters, gauges and histograms go out as text (OpenMetrics 1.0).
//!
//! A label is a word of ours, a journey's id, a step's type or the name of a fact: never what a caller or a user sent.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use wayfarer_engine::{CallEnd, CommitEnd, Observed, Observer};
use wayfarer_step::Fact;

/// The media type of the text.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The measures of one server. A clone is the same; there is no global registry. Give it to the builder of the host as its
/// observer, and to the [`Server`](crate::Server).
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    runs: Family<Run, Counter>,
    facts: Family<Named, Counter>,
    steps: Family<Call, Counter>,
    step_time: Family<OfStep, Histogram>,
    commits: Family<Ended, Counter>,
    stored: Family<Ended, Counter>,
    refusals: Family<Kind, Counter>,
    limited: Family<OfFace, Counter>,
    panics: Family<Place, Counter>,
    requests: Family<Answered, Counter>,
    request_time: Family<OfFace, Histogram>,
    connections: Family<Of, Gauge>,
    waiting: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Run {
    journey: String,
    event: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Named {
    name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    step: String,
    end: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStep {
    step: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    end: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    name: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Place {
    place: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    interface: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfFace {
    interface: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    listener: &'static str,
}

/// Seconds: from what a read in memory takes to the longest that a step or a request may.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];

fn seconds() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Measures that stand at nothing.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("wayfarer");
        let (runs, facts, steps, commits) =
            (Family::default(), Family::default(), Family::default(), Family::default());
        let (panics, requests, connections) = (Family::default(), Family::default(), Family::default());
        let (stored, refusals, limited) = (Family::default(), Family::default(), Family::default());
        let (step_time, request_time) = (
            Family::new_with_constructor(seconds as fn() -> Histogram),
            Family::new_with_constructor(seconds as fn() -> Histogram),
        );
        let waiting = Gauge::default();
        registry.register("runs", "Runs that started, waited and ended", runs.clone());
        registry.register("facts", "Facts in the audit trail, by name", facts.clone());
        registry.register("step_calls", "Calls of steps", steps.clone());
        registry.register("step_seconds", "Time that calls of steps took", step_time.clone());
        registry.register("run_commits", "Commits of runs", commits.clone());
        registry.register("store_commits", "Commits to the store, for whatever", stored.clone());
        registry.register("refusals", "Clients, tokens, scopes and origins that were refused", refusals.clone());
        registry.register("http_rate_limited", "Requests that came too often", limited.clone());
        registry.register("panics", "Panics that were caught", panics.clone());
        registry.register("http_requests", "Requests that were answered", requests.clone());
        registry.register("http_request_seconds", "Time from a request to its answer", request_time.clone());
        registry.register("http_connections", "Connections that are open", connections.clone());
        registry.register(
            "runs_waiting",
            "Runs that wait, as last counted; -1 if there are too many to count",
            waiting.clone(),
        );
        Self(Arc::new(Inner {
            registry,
            runs,
            facts,
            steps,
            step_time,
            commits,
            stored,
            refusals,
            limited,
            panics,
            requests,
            request_time,
            connections,
            waiting,
        }))
    }

    /// All measures as text.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    pub(crate) fn answered(&self, interface: &'static str, status: u16, took: Duration) {
        self.0.requests.get_or_create(&Answered { interface, status }).inc();
        self.0.request_time.get_or_create(&OfFace { interface }).observe(took.as_secs_f64());
    }

    /// A caller came too often.
    pub(crate) fn came_too_often(&self, interface: &'static str) {
        self.0.limited.get_or_create(&OfFace { interface }).inc();
    }

    /// A client, a token, a scope or an origin was refused.
    pub(crate) fn refused(&self, name: &'static str) {
        self.0.refusals.get_or_create(&Kind { name }).inc();
    }

    pub(crate) fn request_panicked(&self) {
        self.0.panics.get_or_create(&Place { place: "request" }).inc();
    }

    pub(crate) fn waiting(&self, number: Option<usize>) {
        self.0.waiting.set(number.and_then(|number| i64::try_from(number).ok()).unwrap_or(-1));
    }

    /// A connection that is counted until it is dropped.
    pub(crate) fn connected(&self, listener: &'static str) -> Connected {
        let gauge = self.0.connections.get_or_create_owned(&Of { listener });
        gauge.inc();
        Connected(gauge)
    }
}

/// An open connection.
pub(crate) struct Connected(Gauge);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Observer for Metrics {
    fn happened(&self, fact: &Fact) {
        self.0.facts.get_or_create(&Named { name: fact.name.to_string() }).inc();
        let event = fact.name.strip_prefix("journey.").filter(|event| EVENTS.contains(event));
        if let (Some(event), Some(journey)) = (event, &fact.journey) {
            self.0.runs.get_or_create(&Run { journey: journey.to_string(), event: event.to_owned() }).inc();
        }
    }

    fn called(&self, call: &Observed<'_>) {
        let step = || call.step_type.to_owned();
        self.0.steps.get_or_create(&Call { step: step(), end: call.end.word() }).inc();
        self.0.step_time.get_or_create(&OfStep { step: step() }).observe(call.took.as_secs_f64());
        if call.end == CallEnd::Panicked {
            self.0.panics.get_or_create(&Place { place: "step" }).inc();
        }
    }

    fn committed(&self, end: CommitEnd) {
        self.0.commits.get_or_create(&Ended { end: end.word() }).inc();
    }

    fn stored(&self, end: CommitEnd) {
        self.0.stored.get_or_create(&Ended { end: end.word() }).inc();
    }
}

/// What is counted by journey.
const EVENTS: [&str; 6] = ["started", "waiting", "resumed", "completed", "rejected", "failed"];

#[cfg(test)]
mod tests;

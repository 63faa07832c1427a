//! What happened: one stream of facts feeds the audit trail, the trace, the test report and the metrics.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// `user`, `client`, `agent`, `operator` or `system`.
    pub kind: Cow<'static, str>,
    /// Who, in the words of that kind.
    pub id: Arc<str>,
}

impl Actor {
    /// The engine itself.
    #[must_use]
    pub fn system() -> Self {
        Self { kind: Cow::Borrowed("system"), id: Arc::from("wayfarer") }
    }

    /// Somebody at the command line of this machine.
    #[must_use]
    pub fn operator(name: &str) -> Self {
        Self { kind: Cow::Borrowed("operator"), id: Arc::from(name) }
    }
}

/// One thing that happened. The log adds the time, the sequence and the chain; a fact never holds a secret (R114).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// What happened, such as `tempcode.verified` or `journey.step`.
    pub name: Cow<'static, str>,
    /// Who did it.
    pub actor: Actor,
    /// The id of the user it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Arc<str>>,
    /// The application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<Arc<str>>,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Arc<str>>,
    /// The journey's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journey: Option<Arc<str>>,
    /// The step's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Arc<str>>,
    /// How it ended, in one word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Cow<'static, str>>,
    /// Why, for operators; a client never sees it (R38).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What else belongs to this kind of fact.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<Cow<'static, str>, serde_json::Value>,
}

impl Fact {
    /// A fact of a kind, done by `actor`.
    #[must_use]
    pub fn new(name: &'static str, actor: Actor) -> Self {
        Self {
            name: Cow::Borrowed(name),
            actor,
            subject: None,
            application: None,
            run: None,
            journey: None,
            step: None,
            result: None,
            reason: None,
            details: BTreeMap::new(),
        }
    }

    /// The user it is about.
    #[must_use]
    pub fn subject(mut self, user_id: impl Into<Arc<str>>) -> Self {
        self.subject = Some(user_id.into());
        self
    }

    /// The run, journey and application it belongs to, and from where the caller calls, in the details `address` and
    /// `user_agent`.
    #[must_use]
    pub fn within(mut self, scope: &crate::Scope) -> Self {
        self.application = Some(scope.application.clone());
        self.run = Some(scope.run.to_string().into());
        self.journey = Some(scope.journey.clone());
        scope.source.noted(self)
    }

    /// The step it belongs to.
    #[must_use]
    pub fn step(mut self, step: &Arc<str>) -> Self {
        self.step = Some(step.clone());
        self
    }

    /// How it ended.
    #[must_use]
    pub fn result(mut self, result: impl Into<Cow<'static, str>>) -> Self {
        self.result = Some(result.into());
        self
    }

    /// Why, for operators.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Writes it to the log, without whom it is about and without its details: they may name a person.
    pub fn log(&self) {
        let Self { name, run, journey, step, result, application, .. } = self;
        let (result, actor) = (result.as_deref(), &*self.actor.kind);
        let (run, journey, step) = (run.as_deref(), journey.as_deref(), step.as_deref());
        tracing::info!(target: "wayfarer::fact", name = &**name, actor, application = application.as_deref(), run, journey, step, result);
    }

    /// A further detail.
    #[must_use]
    pub fn detail(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.details.insert(Cow::Borrowed(name), value.into());
        self
    }
}

//! What a step may see and use during one visit.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::attempt::Attempts;
use crate::port::{Entropy, Found, Http, Mail, Records, Sms};
use crate::{PortError, Scope, Signal, Subject, Value, Visit, Write};

/// What the host put behind the ports that steps may use. What is not there answers [`PortError::NotConfigured`].
#[derive(Clone, Default)]
pub struct Services {
    /// Sends mail.
    pub mail: Option<Arc<dyn Mail>>,
    /// Sends text messages.
    pub sms: Option<Arc<dyn Sms>>,
    /// Calls other servers.
    pub http: Option<Arc<dyn Http>>,
    /// Random bytes.
    pub entropy: Option<Arc<dyn Entropy>>,
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services")
            .field("mail", &self.mail.is_some())
            .field("sms", &self.sms.is_some())
            .field("http", &self.http.is_some())
            .finish_non_exhaustive()
    }
}

/// One visit, seen from the step.
pub struct Context {
    scope: Scope,
    visit: Visit,
    now: Timestamp,
    subject: Option<Subject>,
    is_proven: bool,
    exits: Vec<Arc<str>>,
    services: Services,
    records: Option<Arc<dyn Records>>,
    attempts: Attempts,
    remains: Remains,
}

/// What a step left for the driver beside its reply.
#[derive(Debug, Default)]
pub struct Remains {
    /// The user that it named without proof.
    pub identified: Option<Subject>,
    /// What is to be committed with the run.
    pub writes: Vec<Write>,
    /// What is to be said to others once that is done.
    pub signals: Vec<Signal>,
    /// What the client is to get with the next answer.
    pub provided: Option<Value>,
}

impl Context {
    /// The context of a visit at `now`, for the user that the run has identified so far. Nobody is proven, no exit leads
    /// anywhere and no record can be read unless that is added.
    #[must_use]
    pub fn new(
        scope: Scope,
        visit: Visit,
        now: Timestamp,
        subject: Option<Subject>,
        services: Services,
        attempts: Attempts,
    ) -> Self {
        Self {
            scope,
            visit,
            now,
            subject,
            is_proven: false,
            exits: Vec::new(),
            services,
            records: None,
            attempts,
            remains: Remains::default(),
        }
    }

    /// Says whether this run has proven the user.
    #[must_use]
    pub const fn proven(mut self, is_proven: bool) -> Self {
        self.is_proven = is_proven;
        self
    }

    /// Says which exits lead to a step.
    #[must_use]
    pub fn leading(mut self, exits: impl IntoIterator<Item = Arc<str>>) -> Self {
        self.exits = exits.into_iter().collect();
        self
    }

    /// Puts records behind the context.
    #[must_use]
    pub fn over(mut self, records: Arc<dyn Records>) -> Self {
        self.records = Some(records);
        self
    }

    /// Tenant, application, run and journey.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The visit; its name is a key for calls that must not happen twice.
    #[must_use]
    pub const fn visit(&self) -> &Visit {
        &self.visit
    }

    /// The store's time, which never goes back.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The user that the run speaks of, proven or not.
    #[must_use]
    pub const fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// The user, if this run has proven who it is.
    #[must_use]
    pub fn proven_subject(&self) -> Option<&Subject> {
        self.subject.as_ref().filter(|_| self.is_proven)
    }

    /// Whether an exit leads to a step. One that does not ends the journey as failed: what would take it need not be offered.
    #[must_use]
    pub fn leads(&self, exit: &str) -> bool {
        self.exits.iter().any(|known| **known == *exit)
    }

    /// The attempt service: the only way to check a secret.
    #[must_use]
    pub const fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    /// Says which user the run speaks of, without proving it. Another user than before clears the proofs (R60). The step's
    /// shape must say that it [`identifies`](crate::Shape::identifies); else the visit fails.
    pub fn identify(&mut self, subject: Subject) {
        self.remains.identified = Some(subject);
    }

    /// A record that a step has staged and a run has committed; none if there is none or it has expired. Others may write it
    /// at any time: stage a write or a [`Write::Require`] that expects the version found, and this visit counts only if it
    /// still holds. If it does not, the step is called again.
    ///
    /// # Errors
    /// When the record cannot be read. A kind that does not begin with `step-` is refused.
    pub async fn record(&self, kind: &'static str, id: &[u8]) -> Result<Option<Found>, PortError> {
        let records = self.records.as_deref().ok_or(PortError::NotConfigured { port: "records" })?;
        records.read(&self.scope, kind, id).await
    }

    /// Stages a write that commits together with the run. The ids of records are kept as keyed hashes.
    pub fn stage(&mut self, write: Write) {
        self.remains.writes.push(write);
    }

    /// Speaks to every run of the tenant that waits under `key`, which begins with `step-`. It is delivered if and only if
    /// this visit commits, after that, at least once; whoever is not waiting then does not hear it. So let it be a nudge, and
    /// what it is about a record. A secret in the data fails the step (R99).
    pub fn signal(&mut self, key: impl Into<Arc<str>>, data: Value) {
        self.remains.signals.push(Signal { key: key.into(), data });
    }

    /// Hands data to the client, with the next answer that it gets: a prompt, or the end that the author wrote. Of what is
    /// provided before one answer the last counts. A secret fails the step (R99).
    pub fn provide(&mut self, data: Value) {
        self.remains.provided = Some(data);
    }

    /// The mail port.
    ///
    /// # Errors
    /// When the host configured none.
    pub fn mail(&self) -> Result<&dyn Mail, PortError> {
        self.services.mail.as_deref().ok_or(PortError::NotConfigured { port: "mail" })
    }

    /// The text message port.
    ///
    /// # Errors
    /// When the host configured none.
    pub fn sms(&self) -> Result<&dyn Sms, PortError> {
        self.services.sms.as_deref().ok_or(PortError::NotConfigured { port: "sms" })
    }

    /// The HTTP port.
    ///
    /// # Errors
    /// When the host configured none.
    pub fn http(&self) -> Result<&dyn Http, PortError> {
        self.services.http.as_deref().ok_or(PortError::NotConfigured { port: "http" })
    }

    /// The source of random bytes.
    ///
    /// # Errors
    /// When the host configured none.
    pub fn entropy(&self) -> Result<&dyn Entropy, PortError> {
        self.services.entropy.as_deref().ok_or(PortError::NotConfigured { port: "entropy" })
    }

    /// What the step left for the driver.
    #[must_use]
    pub fn finish(self) -> Remains {
        self.remains
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("scope", &self.scope)
            .field("visit", &self.visit)
            .field("now", &self.now)
            .field("subject", &self.subject)
            .field("remains", &self.remains)
            .finish_non_exhaustive()
    }
}

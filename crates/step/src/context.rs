//! What a step may see and use during one visit.

use std::sync::Arc;

use jiff::Timestamp;

use crate::attempt::Attempts;
use crate::port::{Entropy, Http, Mail, Sms};
use crate::{PortError, Scope, Subject, Value, Visit, Write};

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

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services")
            .field("mail", &self.mail.is_some())
            .field("sms", &self.sms.is_some())
            .field("http", &self.http.is_some())
            .finish_non_exhaustive()
    }
}

/// One visit, seen from the step.
#[derive(Debug)]
pub struct Context {
    scope: Scope,
    visit: Visit,
    now: Timestamp,
    subject: Option<Subject>,
    services: Services,
    attempts: Attempts,
    identified: Option<Subject>,
    writes: Vec<Write>,
    provided: Option<Value>,
}

/// What a step left for the driver beside its reply.
#[derive(Debug, Default)]
pub struct Remains {
    /// The user that it named without proof.
    pub identified: Option<Subject>,
    /// What is to be committed with the run.
    pub writes: Vec<Write>,
    /// What the client is to get with the next answer.
    pub provided: Option<Value>,
}

impl Context {
    /// The context of a visit at `now`, for the user that the run has identified so far.
    #[must_use]
    pub fn new(
        scope: Scope,
        visit: Visit,
        now: Timestamp,
        subject: Option<Subject>,
        services: Services,
        attempts: Attempts,
    ) -> Self {
        Self { scope, visit, now, subject, services, attempts, identified: None, writes: Vec::new(), provided: None }
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

    /// The attempt service: the only way to check a secret.
    #[must_use]
    pub const fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    /// Says which user the run speaks of, without proving it. Another user than before clears the proofs (R60).
    pub fn identify(&mut self, subject: Subject) {
        self.identified = Some(subject);
    }

    /// Stages a write that commits together with the run.
    pub fn stage(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// Hands data to the client, with the next answer that it gets: a prompt, or the end that the author wrote. Of what is
    /// provided before one answer the last counts. A secret fails the step (R99).
    pub fn provide(&mut self, data: Value) {
        self.provided = Some(data);
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
        Remains { identified: self.identified, writes: self.writes, provided: self.provided }
    }
}

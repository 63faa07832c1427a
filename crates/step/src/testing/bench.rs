//! Plays one step alone.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_lang::Value;

use super::{FakeLedger, FakeVerifier, SeededEntropy};
use crate::{AnyReply, AnyStep, Attempts, Context, Event, Journal, Scope, Services, StepError, Subject, Visit, Wait};

/// A place to play a step: fakes behind every port, time standing still.
#[derive(Debug)]
pub struct Bench {
    /// What was compared by the step.
    pub journal: Journal,
    ledger: Arc<FakeLedger>,
    verifier: Arc<FakeVerifier>,
    services: Services,
    subject: Option<Subject>,
    now: Timestamp,
}

impl Default for Bench {
    /// Knows the user `user123` with the secret `123456`.
    fn default() -> Self {
        Self::new(FakeLedger::for_user("user123"), FakeVerifier::accepting("123456"))
    }
}

impl Bench {
    /// A bench with this ledger and verifier.
    #[must_use]
    pub fn new(ledger: FakeLedger, verifier: FakeVerifier) -> Self {
        let services = Services { entropy: Some(Arc::new(SeededEntropy::new(1))), ..Services::default() };
        Self {
            journal: Journal::default(),
            ledger: Arc::new(ledger),
            verifier: Arc::new(verifier),
            services,
            subject: None,
            now: Timestamp::UNIX_EPOCH,
        }
    }

    /// Puts ports behind the context.
    #[must_use]
    pub fn services(mut self, services: Services) -> Self {
        self.services = services;
        self
    }

    /// Lets the run have identified a user.
    #[must_use]
    pub fn subject(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }

    /// The ledger, to see what was counted.
    #[must_use]
    pub fn ledger(&self) -> &FakeLedger {
        &self.ledger
    }

    /// The verifier, to see what was compared.
    #[must_use]
    pub fn verifier(&self) -> &FakeVerifier {
        &self.verifier
    }

    /// A fresh context, as the driver makes one for a visit.
    #[must_use]
    pub fn context(&self) -> Context {
        let run = Uuid::nil();
        let scope = Scope { tenant: "default".into(), application: "default".into(), run, journey: "bench".into() };
        let attempts = Attempts::new(scope.clone(), self.ledger.clone(), self.verifier.clone(), self.journal.clone());
        let visit = Visit { run, step: "step".into(), number: 1 };
        Context::new(scope, visit, self.now, self.subject.clone(), self.services.clone(), attempts)
    }

    /// Enters the step.
    ///
    /// # Errors
    /// What the step answers.
    pub async fn enter(&self, step: &dyn AnyStep, params: serde_json::Value) -> Result<AnyReply, StepError> {
        step.enter(&mut self.context(), &Value::from(params)).await
    }

    /// Enters a step that waits and gives it an event, with the state that it left.
    ///
    /// # Errors
    /// What the step answers.
    pub async fn enter_and_resume(
        &self,
        step: &dyn AnyStep,
        params: serde_json::Value,
        event: Event,
    ) -> Result<AnyReply, StepError> {
        let params = Value::from(params);
        let version = step.declaration().map_or(0, |declaration| declaration.version);
        match step.enter(&mut self.context(), &params).await? {
            AnyReply::Wait(Wait { state, .. }) => {
                step.resume(&mut self.context(), &params, version, &state, event).await
            }
            done @ AnyReply::Done { .. } => Ok(done),
        }
    }
}

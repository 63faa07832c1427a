//! Plays one step alone.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_lang::Value;

use super::{FakeLedger, FakeRecords, FakeVerifier, SeededEntropy};
use crate::{
    AnyReply, AnyStep, Attempts, Context, Event, Journal, Scope, Services, Signal, Source, StepError, Subject, Visit,
    Wait,
};

/// A place to play a step: fakes behind every port, time standing still. What a step stages is there for the next one.
#[derive(Debug)]
pub struct Bench {
    /// What was compared by the step.
    pub journal: Journal,
    ledger: Arc<FakeLedger>,
    verifier: Arc<FakeVerifier>,
    services: Services,
    records: Arc<FakeRecords>,
    said: Mutex<Vec<Signal>>,
    subject: Option<Subject>,
    is_proven: bool,
    exits: Vec<Arc<str>>,
    run: Uuid,
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
            records: Arc::default(),
            said: Mutex::default(),
            subject: None,
            is_proven: false,
            exits: Vec::new(),
            run: Uuid::nil(),
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

    /// Lets the run have proven a user.
    #[must_use]
    pub fn proven(self, subject: Subject) -> Self {
        Self { is_proven: true, ..self.subject(subject) }
    }

    /// Lets these exits lead to a step.
    #[must_use]
    pub fn leading(mut self, exits: &[&str]) -> Self {
        self.exits = exits.iter().copied().map(Arc::from).collect();
        self
    }

    /// Plays in this run from now on.
    #[must_use]
    pub const fn run(mut self, run: Uuid) -> Self {
        self.run = run;
        self
    }

    /// Plays at this time from now on.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.records.at(now);
        self.now = now;
        self
    }

    /// The records, to see what was kept.
    #[must_use]
    pub fn records(&self) -> &FakeRecords {
        &self.records
    }

    /// What was said since the last call.
    #[must_use]
    pub fn said(&self) -> Vec<Signal> {
        std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner))
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
        let run = self.run;
        let scope = Scope {
            tenant: "default".into(),
            application: "default".into(),
            run,
            journey: "bench".into(),
            source: Source::default(),
        };
        let attempts = Attempts::new(scope.clone(), self.ledger.clone(), self.verifier.clone(), self.journal.clone());
        let visit = Visit { run, step: "step".into(), number: 1 };
        Context::new(scope, visit, self.now, self.subject.clone(), self.services.clone(), attempts)
            .proven(self.is_proven)
            .leading(self.exits.iter().cloned())
            .over(self.records.clone())
    }

    /// Enters the step.
    ///
    /// # Errors
    /// What the step answers; `conflict` if a record was not as the step expected.
    pub async fn enter(&self, step: &dyn AnyStep, params: serde_json::Value) -> Result<AnyReply, StepError> {
        let mut context = self.context();
        let reply = step.enter(&mut context, &Value::from(params)).await?;
        self.keep(context)?;
        Ok(reply)
    }

    /// Gives an event to a step that waits, with the state that it left.
    ///
    /// # Errors
    /// What the step answers; `conflict` if a record was not as the step expected.
    pub async fn resume(
        &self,
        step: &dyn AnyStep,
        params: serde_json::Value,
        state: &Value,
        event: Event,
    ) -> Result<AnyReply, StepError> {
        let version = step.declaration().map_or(0, |declaration| declaration.version);
        let mut context = self.context();
        let reply = step.resume(&mut context, &Value::from(params), version, state, event).await?;
        self.keep(context)?;
        Ok(reply)
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
        match self.enter(step, params.clone()).await? {
            AnyReply::Wait(Wait { state, .. }) => self.resume(step, params, &state, event).await,
            done @ AnyReply::Done { .. } => Ok(done),
        }
    }

    fn keep(&self, context: Context) -> Result<(), StepError> {
        let remains = context.finish();
        if !self.records.commit(&remains.writes) {
            return Err(StepError::failed("conflict", "a record is not as the step expected"));
        }
        self.said.lock().unwrap_or_else(PoisonError::into_inner).extend(remains.signals);
        Ok(())
    }
}

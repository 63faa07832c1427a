//! A run at rest comes in; it is read with its bundle and whatever is owed to its client, ready to go on.

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_step::{Scope, Source};
use wayfarer_store::{Batch, CommitError, Expect, TenantId};

use super::Inner;
use super::drive::{AtRest, Drive, Driven};
use super::outbox::Outbox;
use crate::answer::Answer;
use crate::error::EngineError;
use crate::machine::{Next, later, next};
use crate::record::{decode, encode, run_key};
use crate::run::{Asked, Run, Status};

impl Inner {
    /// Takes a run up from where it rests; none if there is none.
    pub(super) async fn open(&self, tenant: &TenantId, run: Uuid) -> Result<Option<Drive<'_>>, EngineError> {
        let Some(record) = self.vault.get(&run_key(tenant, run)).await? else { return Ok(None) };
        let run: Run = decode(&record)?;
        let bundle = self.bundle(tenant, &run.journey, run.bundle).await?;
        let answer = match &run.asked {
            Some(asked) => self.answered(tenant, &asked.record).await?.map(|(version, _)| version),
            None => None,
        };
        let scope = Scope {
            tenant: tenant.as_str().into(),
            application: run.application.clone(),
            run: run.id,
            journey: run.journey.clone(),
            // Whoever opens it on behalf of a caller says from where.
            source: Source::default(),
        };
        let mut drive = Drive {
            engine: self,
            tenant: tenant.clone(),
            scope,
            bundle,
            checkpoint: run.clone(),
            // Whoever asked may still come for the answer.
            present: run.asked.is_some(),
            run,
            rest: AtRest { run: Some(record.version), answer, signals: Vec::new() },
            staged: Vec::new(),
            outbox: Outbox::default(),
            facts: Vec::new(),
            first_facts: Vec::new(),
            announced: None,
            leased: false,
            refused: false,
            now: self.vault.now().await?,
        };
        drive.rest.signals = drive.signal_ids();
        Ok(Some(drive))
    }

    /// The answer to a request that was made before: the stored one, or, if the node that worked on it is gone, the one
    /// that comes of going on from its last commit. None if the request is new.
    pub(super) async fn repeated(
        &self,
        tenant: &TenantId,
        asked: &Asked,
        source: &Source,
    ) -> Result<Option<Answer>, EngineError> {
        for _ in 0..self.limits.commit_tries {
            let Some((_, known)) = self.answered(tenant, &asked.record).await? else { return Ok(None) };
            if known.body.is_none() {
                return Err(EngineError::StaleHandle);
            }
            if known.body != asked.body {
                return Err(EngineError::Conflict);
            }
            if let Some(answer) = known.answer {
                return Ok(Some(answer.into()));
            }
            let drive = self.open(tenant, known.run).await?;
            let Some(mut drive) = drive.filter(|drive| drive.run.asked.as_ref() == Some(asked) && drive.is_free())
            else {
                return Err(EngineError::Conflict);
            };
            drive.scope.source = source.clone();
            if let Driven::Answer(answer) = drive.go().await? {
                return Ok(Some(answer));
            }
        }
        Err(EngineError::Conflict)
    }
}

impl Drive<'_> {
    /// Makes the run as it is now what a conflict goes back to.
    pub(super) fn hold(&mut self) {
        self.checkpoint = self.run.clone();
        self.first_facts.clone_from(&self.facts);
    }

    /// Whether no other node is at work on the run.
    pub(super) fn is_free(&self) -> bool {
        self.run.lease.is_none_or(|lease| lease <= self.now)
    }

    /// Whether the run can go on by itself now.
    pub(super) fn is_due(&self) -> bool {
        self.is_free() && !matches!(next(&self.bundle, &self.run, &self.inputs()), Next::Wait { .. } | Next::Over)
    }

    /// Until when the run waits, if it does.
    pub(super) fn waits_until(&self) -> Option<Timestamp> {
        match next(&self.bundle, &self.run, &self.inputs()) {
            Next::Wait { until } if self.run.status == Status::Waiting => Some(until),
            _ => None,
        }
    }

    /// Notes that the client has read what it is asked. False if the run has moved on meanwhile.
    pub(super) async fn see(&mut self, until: Timestamp) -> Result<bool, EngineError> {
        let (Some(version), kept) = (self.rest.run, self.engine.limits.run_kept) else { return Ok(false) };
        self.run.unseen = false;
        let key = run_key(&self.tenant, self.run.id);
        let kept_until = later(self.run.expires_at, kept);
        let batch = Batch::new().put(key, Expect::Version(version), encode(&self.run)?, Some(kept_until), Some(until));
        match self.engine.vault.commit(batch).await {
            Ok(_) => Ok(true),
            Err(CommitError::Conflict { .. }) => Ok(false),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }
}

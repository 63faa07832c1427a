//! A run at rest comes in; it is read with its bundle and whatever is owed to its client, ready to go on.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_step::Scope;
use wayfarer_store::{Batch, CommitError, Expect, TenantId};

use super::drive::{AtRest, Drive, Driven};
use super::outbox::Outbox;
use super::{Engine, Inner};
use crate::answer::Answer;
use crate::bundle::BundleHash;
use crate::error::EngineError;
use crate::machine::{Next, later, next};
use crate::record::{RUN, decode, encode, run_key};
use crate::run::{Asked, Run, Status};

/// A run, as an administrator sees it: no parameter, no variable, no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The run.
    pub run: Uuid,
    /// Its application.
    pub application: Arc<str>,
    /// The journey that was started.
    pub journey: Arc<str>,
    /// The bundle that it is on.
    pub bundle: BundleHash,
    /// `running`, `waiting`, `completed`, `rejected` or `failed`.
    pub status: &'static str,
    /// Why it failed.
    pub code: Option<Cow<'static, str>>,
    /// The ids of the steps entered so far.
    pub path: Vec<Arc<str>>,
    /// The id of the user that it speaks of, proven or not.
    pub user_id: Option<Arc<str>>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl Engine {
    /// What is known of a run, until its record is erased.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn run(&self, tenant: &TenantId, run: Uuid) -> Result<Option<Overview>, EngineError> {
        let Some(record) = self.0.vault.get(&run_key(tenant, run)).await? else { return Ok(None) };
        let run: Run = decode(&record)?;
        let status = run.status.word();
        let code = match run.status {
            Status::Failed { code } => Some(code),
            _ => None,
        };
        Ok(Some(Overview {
            run: run.id,
            application: run.application,
            journey: run.journey,
            bundle: BundleHash(run.bundle),
            status,
            code,
            path: run.path,
            user_id: run.identity.subject.map(|subject| subject.user_id),
            started_at: run.started_at,
            expires_at: run.expires_at,
        }))
    }

    /// How many runs of the tenant wait; none if there are more than `most` runs in the store, ended ones included. Each of
    /// them is read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn waiting(&self, tenant: &TenantId, most: usize) -> Result<Option<usize>, EngineError> {
        const PAGE: usize = 500;
        let (mut seen, mut waiting, mut after) = (0, 0, None);
        loop {
            let page = self.0.vault.scan(tenant, RUN, after.as_deref(), PAGE).await?;
            seen += page.len();
            if seen > most {
                return Ok(None);
            }
            for (_, record) in &page {
                waiting += usize::from(decode::<Run>(record)?.status == Status::Waiting);
            }
            match page.into_iter().next_back() {
                Some((id, _)) => after = Some(id),
                None => return Ok(Some(waiting)),
            }
        }
    }
}

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
    pub(super) async fn repeated(&self, tenant: &TenantId, asked: &Asked) -> Result<Option<Answer>, EngineError> {
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
            let Some(drive) = drive.filter(|drive| drive.run.asked.as_ref() == Some(asked) && drive.is_free()) else {
                return Err(EngineError::Conflict);
            };
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

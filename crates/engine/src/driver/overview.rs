//! What an administrator asks about runs comes in; how they stand goes out, without anything that a journey was given, and a run
//! is ended.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_step::{Actor, Fact};
use wayfarer_store::TenantId;

use super::Engine;
use super::drive::Driven;
use crate::bundle::BundleHash;
use crate::error::EngineError;
use crate::machine::Ending;
use crate::record::{RUN, decode, run_key};
use crate::run::{Run, Status};

/// A run, as an administrator sees it: no parameter, no variable, no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The run.
    pub run: Uuid,
    /// Its application.
    pub application: Arc<str>,
    /// The client that started it.
    pub client: Option<Arc<str>>,
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

/// Which runs are asked for; what is not said does not matter.
#[derive(Clone, Debug, Default)]
pub struct RunQuery {
    /// Of this journey.
    pub journey: Option<String>,
    /// With this status, in the word of [`Overview::status`].
    pub status: Option<String>,
    /// Started by this client.
    pub client: Option<String>,
    /// About the user of this id.
    pub user: Option<String>,
    /// Beyond this place: [`RunPage::next`] of the call before.
    pub after: Option<Vec<u8>>,
    /// At most so many.
    pub limit: usize,
}

/// An answer, oldest run first.
#[derive(Clone, Debug)]
pub struct RunPage {
    /// The runs.
    pub runs: Vec<Overview>,
    /// Where to go on, if not everything was looked at.
    pub next: Option<Vec<u8>>,
}

/// How many runs are read at once, and how many at most for one answer.
const PAGE: usize = 200;
const BUDGET: usize = 10_000;

impl Engine {
    /// How many runs of the tenant wait; none if there are more than `most` runs in the store, ended ones included. Each of
    /// them is read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn waiting(&self, tenant: &TenantId, most: usize) -> Result<Option<usize>, EngineError> {
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

    /// What is known of a run, until its record is erased.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn run(&self, tenant: &TenantId, run: Uuid) -> Result<Option<Overview>, EngineError> {
        let Some(record) = self.0.vault.get(&run_key(tenant, run)).await? else { return Ok(None) };
        Ok(Some(Overview::from(decode::<Run>(&record)?)))
    }

    /// Looks through the runs whose records are not erased yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn runs(&self, tenant: &TenantId, query: &RunQuery) -> Result<RunPage, EngineError> {
        let (mut runs, mut next) = (Vec::new(), query.after.clone());
        for _ in 0..BUDGET / PAGE {
            let rows = self.0.vault.scan(tenant, RUN, next.as_deref(), PAGE).await?;
            let last = rows.len() < PAGE;
            for (id, record) in rows {
                if runs.len() >= query.limit {
                    return Ok(RunPage { runs, next });
                }
                next = Some(id);
                let run = Overview::from(decode::<Run>(&record)?);
                if query.asks_for(&run) {
                    runs.push(run);
                }
            }
            if last {
                return Ok(RunPage { runs, next: None });
            }
        }
        Ok(RunPage { runs, next })
    }

    /// Ends a run on behalf of an administrator: it fails, and its tokens are taken back; whoever holds its handle learns that
    /// it has failed, and no more. One that has ended stays as it is. None if there is no such run.
    ///
    /// # Errors
    /// [`EngineError::Conflict`] if a node is at work on it; [`EngineError::Unavailable`] if it may be asked for again.
    pub async fn end_run(
        &self,
        tenant: &TenantId,
        run: Uuid,
        actor: &Actor,
        reason: &str,
    ) -> Result<Option<Overview>, EngineError> {
        let engine = &*self.0;
        for _ in 0..engine.limits.commit_tries {
            let Some(mut drive) = engine.open(tenant, run).await? else { return Ok(None) };
            if drive.run.status.is_end() {
                return Ok(Some(drive.run.into()));
            }
            if !drive.is_free() {
                return Err(EngineError::Conflict);
            }
            drive.facts.push(Fact::new("journey.ended", actor.clone()).within(&drive.scope).reason(reason));
            drive.hold();
            if let Driven::Answer(_) = drive.finish(Ending::failed("ended_by_administrator")).await? {
                return self.run(tenant, run).await;
            }
        }
        Err(EngineError::Conflict)
    }
}

impl From<Run> for Overview {
    fn from(run: Run) -> Self {
        let status = run.status.word();
        let code = match run.status {
            Status::Failed { code } => Some(code),
            _ => None,
        };
        Self {
            run: run.id,
            application: run.application,
            client: run.client,
            journey: run.journey,
            bundle: BundleHash(run.bundle),
            status,
            code,
            path: run.path,
            user_id: run.identity.subject.map(|subject| subject.user_id),
            started_at: run.started_at,
            expires_at: run.expires_at,
        }
    }
}

impl RunQuery {
    fn asks_for(&self, run: &Overview) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
        is(&self.journey, Some(&run.journey))
            && is(&self.status, Some(run.status))
            && is(&self.client, run.client.as_deref())
            && is(&self.user, run.user_id.as_deref())
    }
}

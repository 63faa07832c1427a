//! Time and signals come in; the runs that waited for them go on.

use std::sync::Arc;

use uuid::Uuid;
use wayfarer_lang::Value;
use wayfarer_store::{Batch, CommitError, Due, Expect, TenantId, sweep};

use super::Engine;
use super::drive::Driven;
use crate::error::EngineError;
use crate::event::Wake;
use crate::machine::{Applied, later};
use crate::record::{RUN, SIGNAL, run_key};

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Records erased because they had expired.
    pub erased: usize,
    /// Runs that went on.
    pub woken: usize,
    /// Runs that could not go on, and will be tried again.
    pub postponed: usize,
}

/// The longest signal key.
const LONGEST_SIGNAL: usize = 1024;

/// Runs that one signal wakes at most.
const MOST_WOKEN: usize = 1000;

impl Engine {
    /// Does what is due: erases what has expired, wakes runs whose moment has come, and takes over those that another node
    /// left between two commits. At most `limit` of each.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn tick(&self, limit: usize) -> Result<Ticked, EngineError> {
        let engine = &*self.0;
        let now = engine.vault.now().await?;
        let swept = sweep(&engine.vault, now, limit).await?;
        let mut ticked = Ticked { erased: swept.erased, ..Ticked::default() };
        for Due { key, .. } in swept.wakes {
            if key.kind != RUN {
                continue;
            }
            let Some(run) = Uuid::from_slice(&key.id).ok() else { continue };
            match self.wake(&key.tenant, run).await {
                Ok(true) => ticked.woken += 1,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%run, code = error.code(), "a run that is due cannot go on");
                    self.postpone(&key.tenant, run).await?;
                    ticked.postponed += 1;
                }
            }
        }
        Ok(ticked)
    }

    /// Speaks to every run of the tenant that waits under `key`, and says how many went on.
    ///
    /// # Errors
    /// When a run could not go on; the others may have.
    pub async fn signal(&self, tenant: &TenantId, key: &str, data: Value) -> Result<usize, EngineError> {
        let engine = &*self.0;
        if key.is_empty() || key.len() > LONGEST_SIGNAL || data.size() > engine.limits.input_bytes {
            return Err(EngineError::invalid_answer("", "the signal is too large or has no key"));
        }
        let prefix = engine.vault.lookup(tenant, SIGNAL, key);
        let found = engine.vault.scan(tenant, SIGNAL, Some(&prefix), MOST_WOKEN).await?;
        let runs = found.iter().map_while(|(id, _)| Uuid::from_slice(id.strip_prefix(prefix.as_slice())?).ok());
        let mut woken = 0;
        for run in runs {
            woken += usize::from(self.speak(tenant, run, key, &data).await?);
        }
        Ok(woken)
    }

    async fn wake(&self, tenant: &TenantId, run: Uuid) -> Result<bool, EngineError> {
        let Some(drive) = self.0.open(tenant, run).await?.filter(super::drive::Drive::is_due) else {
            return Ok(false);
        };
        Ok(matches!(drive.go().await?, Driven::Answer(_)))
    }

    /// Gives a signal to a run that still waits for it.
    async fn speak(&self, tenant: &TenantId, run: Uuid, key: &str, data: &Value) -> Result<bool, EngineError> {
        for _ in 0..self.0.limits.commit_tries {
            let Some(mut drive) = self.0.open(tenant, run).await?.filter(|drive| drive.is_free() && !drive.is_due())
            else {
                return Ok(false);
            };
            if drive.run.wait().is_none_or(|wait| !wait.signals.iter().any(|known| **known == *key)) {
                return Ok(false);
            }
            drive.present = false;
            drive.apply(Applied::Woken(Wake::Signal { key: Arc::from(key), data: data.clone() }));
            drive.hold();
            if let Driven::Answer(_) = drive.go().await? {
                return Ok(true);
            }
        }
        Err(EngineError::Conflict)
    }

    /// Lets a run that cannot go on now come up later, so that it does not hold up the others. Its bytes stay as they are:
    /// they may be what cannot be read.
    async fn postpone(&self, tenant: &TenantId, run: Uuid) -> Result<(), EngineError> {
        let engine = &*self.0;
        let key = run_key(tenant, run);
        let Ok(Some(record)) = engine.vault.get(&key).await else { return Ok(()) };
        let wake_at = later(engine.vault.now().await?, engine.limits.lease);
        let expect = Expect::Version(record.version);
        let batch = Batch::new().put(key, expect, record.value, record.expires_at, Some(wake_at));
        match engine.vault.commit(batch).await {
            Ok(_) | Err(CommitError::Conflict { .. }) => Ok(()),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }
}

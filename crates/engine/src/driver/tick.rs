//! The time comes in; what is due goes on: runs, and what was said to runs.

use uuid::Uuid;
use wayfarer_store::{Batch, CommitError, Due, Expect, Key, sweep};

use super::Engine;
use super::drive::{Drive, Driven};
use crate::error::EngineError;
use crate::machine::later;
use crate::record::{OUTBOX, RUN};

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
            let woken = match key.kind {
                RUN => self.wake(&key).await,
                OUTBOX => engine.deliver_due(&key).await,
                _ => continue,
            };
            match woken {
                Ok(woken) => ticked.woken += woken,
                Err(error) => {
                    tracing::warn!(kind = %key.kind, code = error.code(), "what is due cannot go on");
                    self.postpone(key).await?;
                    ticked.postponed += 1;
                }
            }
        }
        Ok(ticked)
    }

    async fn wake(&self, key: &Key) -> Result<usize, EngineError> {
        let Ok(run) = Uuid::from_slice(&key.id) else { return Ok(0) };
        let Some(drive) = self.0.open(&key.tenant, run).await?.filter(Drive::is_due) else { return Ok(0) };
        Ok(usize::from(matches!(drive.go().await?, Driven::Answer(_))))
    }

    /// Lets what cannot go on now come up later, so that it does not hold up the others. Its bytes stay as they are: they
    /// may be what cannot be read.
    async fn postpone(&self, key: Key) -> Result<(), EngineError> {
        let engine = &*self.0;
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

//! A key and data come in; the runs that wait under the key go on.

use uuid::Uuid;
use wayfarer_lang::Value;
use wayfarer_step::Signal;
use wayfarer_store::{Key, TenantId};

use super::drive::Driven;
use super::{Engine, Inner};
use crate::error::EngineError;
use crate::event::Wake;
use crate::machine::Applied;
use crate::record::SIGNAL;

/// The longest signal key.
pub(super) const LONGEST_KEY: usize = 1024;

/// Runs that one signal wakes at most.
pub(super) const MOST_WOKEN: usize = 1000;

/// Whether a run heard a signal.
pub(super) enum Heard {
    /// It went on.
    Woken,
    /// It does not wait for it, or its time was up before.
    Deaf,
    /// A node is at work on it, and it may wait again when that is done.
    Busy,
}

impl Engine {
    /// Speaks to every run of the tenant that waits under `key`, and says how many went on.
    ///
    /// # Errors
    /// When a run could not go on; the others may have.
    pub async fn signal(&self, tenant: &TenantId, key: &str, data: Value) -> Result<usize, EngineError> {
        let engine = &*self.0;
        if key.is_empty() || key.len() > LONGEST_KEY || data.size() > engine.limits.input_bytes {
            return Err(EngineError::invalid_answer("", "the signal is too large or has no key"));
        }
        let signal = Signal { key: key.into(), data };
        let (mut woken, mut letters) = (0, Vec::new());
        for run in engine.listeners(tenant, key, MOST_WOKEN).await? {
            let (heard, posted) = engine.speak(tenant, run, &signal).await?;
            woken += usize::from(matches!(heard, Heard::Woken));
            letters.extend(posted);
        }
        engine.deliver(letters).await;
        Ok(woken)
    }
}

impl Inner {
    /// The runs of the tenant that wait under a key, at most `limit`.
    pub(super) async fn listeners(&self, tenant: &TenantId, key: &str, limit: usize) -> Result<Vec<Uuid>, EngineError> {
        let prefix = self.vault.lookup(tenant, SIGNAL, key);
        let found = self.vault.scan(tenant, SIGNAL, Some(&prefix), limit).await?;
        let runs = found.iter().map_while(|(id, _)| Uuid::from_slice(id.strip_prefix(prefix.as_slice())?).ok());
        Ok(runs.collect())
    }

    /// Gives a signal to a run that still waits for it. What the run says in turn is committed, and left to the caller.
    pub(super) async fn speak(
        &self,
        tenant: &TenantId,
        run: Uuid,
        signal: &Signal,
    ) -> Result<(Heard, Vec<Key>), EngineError> {
        let mut posted = Vec::new();
        for _ in 0..self.limits.commit_tries {
            let Some(mut drive) = self.open(tenant, run).await? else { return Ok((Heard::Deaf, posted)) };
            let waits = drive.run.wait().is_some_and(|wait| wait.signals.contains(&signal.key));
            if !waits || drive.is_due() {
                return Ok((Heard::Deaf, posted));
            }
            if !drive.is_free() {
                return Ok((Heard::Busy, posted));
            }
            drive.present = false;
            drive.apply(Applied::Woken(Wake::Signal { key: signal.key.clone(), data: signal.data.clone() }));
            drive.hold();
            let driven = drive.carry().await;
            posted.extend(drive.outbox.take_posted());
            if let Driven::Answer(_) = driven? {
                return Ok((Heard::Woken, posted));
            }
        }
        Err(EngineError::Conflict)
    }
}

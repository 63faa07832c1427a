//! What visits say to others comes in; it is committed with the visit, and then delivered to the runs that wait for it.
//!
//! A letter is kept until it is delivered, so a crash between the commit and the delivery only delays it. It may be delivered
//! twice: a run that went on is not waiting any more.

use std::collections::VecDeque;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use wayfarer_step::Signal;
use wayfarer_store::{Batch, CommitError, Expect, Key};

use super::Inner;
use super::signal::{Heard, MOST_WOKEN};
use crate::error::EngineError;
use crate::machine::later;
use crate::record::{decode, encode};

/// When a run that was being worked on is spoken to again.
const BUSY: SignedDuration = SignedDuration::from_secs(1);

/// Runs that are woken at most on behalf of one request, before its caller gets the answer: what they say in turn may wake
/// others without end. The tick does the rest.
const MOST_AT_ONCE: usize = 16;

/// What a drive says with its next commit, and what it has said with those before.
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    staged: Vec<Signal>,
    posted: Vec<Key>,
}

/// What one commit said.
#[derive(Debug, Serialize, Deserialize)]
struct Letter {
    signals: Vec<Signal>,
}

/// What became of a letter.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    /// How many runs went on.
    pub(super) woken: usize,
    /// What those runs said.
    posted: Vec<Key>,
}

impl Outbox {
    /// Takes signals for the next commit.
    pub(super) fn say(&mut self, signals: Vec<Signal>) {
        self.staged.extend(signals);
    }

    /// Drops what was not committed.
    pub(super) fn unsay(&mut self) {
        self.staged.clear();
    }

    /// The bytes to commit, if there is anything to say.
    pub(super) fn letter(&self) -> Result<Option<Vec<u8>>, EngineError> {
        let letter = || encode(&Letter { signals: self.staged.clone() });
        (!self.staged.is_empty()).then(letter).transpose()
    }

    /// The commit is done.
    pub(super) fn said(&mut self, posted: Option<Key>) {
        self.staged.clear();
        self.posted.extend(posted);
    }

    pub(super) fn take_posted(&mut self) -> Vec<Key> {
        std::mem::take(&mut self.posted)
    }
}

impl Inner {
    /// Delivers letters, and those that come of it, as far as it goes. What is left is the tick's: it is no failure of whoever
    /// has spoken.
    pub(super) async fn deliver(&self, posted: Vec<Key>) {
        let (mut letters, mut room) = (VecDeque::from(posted), MOST_AT_ONCE);
        while let Some(key) = letters.pop_front().filter(|_| room > 0) {
            match Box::pin(self.deliver_letter(&key, room)).await {
                Ok(Delivery { woken, posted }) => {
                    // A letter that nobody hears counts too: the loop must end.
                    room = room.saturating_sub(woken.max(1));
                    letters.extend(posted);
                }
                Err(error) => tracing::warn!(code = error.code(), "a signal is delivered later"),
            }
        }
    }

    /// A letter that is due, and what comes of it.
    pub(super) async fn deliver_due(&self, key: &Key) -> Result<usize, EngineError> {
        let Delivery { woken, posted } = Box::pin(self.deliver_letter(key, MOST_WOKEN)).await?;
        self.deliver(posted).await;
        Ok(woken)
    }

    /// Speaks to whoever waits, to `room` runs at most. The letter is gone when all have heard it.
    async fn deliver_letter(&self, key: &Key, room: usize) -> Result<Delivery, EngineError> {
        let Some(record) = self.vault.get(key).await? else { return Ok(Delivery::default()) };
        let Letter { signals } = decode(&record)?;
        let (mut delivery, mut again) = (Delivery::default(), None);
        for signal in signals {
            let room = room.saturating_sub(delivery.woken);
            let runs = self.listeners(&key.tenant, &signal.key, room.saturating_add(1)).await?;
            if runs.len() > room {
                again = again.or(Some(SignedDuration::ZERO));
            }
            for run in runs.into_iter().take(room) {
                match self.speak(&key.tenant, run, &signal).await {
                    Ok((Heard::Woken, posted)) => {
                        delivery.woken += 1;
                        delivery.posted.extend(posted);
                    }
                    Ok((Heard::Deaf, _)) => {}
                    Ok((Heard::Busy, _)) => again = again.max(Some(BUSY)),
                    Err(error) => {
                        tracing::warn!(%run, code = error.code(), "a run that is spoken to cannot go on");
                        again = Some(self.limits.lease);
                    }
                }
            }
        }
        let expect = Expect::Version(record.version);
        let batch = match again {
            Some(again) => {
                let wake_at = later(self.vault.now().await?, again);
                Batch::new().put(key.clone(), expect, record.value, record.expires_at, Some(wake_at))
            }
            None => Batch::new().delete(key.clone(), expect),
        };
        match self.vault.commit(batch).await {
            // Another node delivers it too.
            Ok(_) | Err(CommitError::Conflict { .. }) => Ok(delivery),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }
}

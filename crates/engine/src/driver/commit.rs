//! A run, staged writes and facts come in; one batch goes to the store, all of it or nothing.

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_step::{Expected, Fact, Write};
use wayfarer_store::{Batch, CommitEnd, CommitError, Expect, Key, Kind, TenantId};

use super::Inner;
use super::drive::{Drive, Halt};
use crate::answer::Answer;
use crate::error::EngineError;
use crate::machine::later;
use crate::record::{ANSWER, AUDIT, Answered, OUTBOX, RUN, SIGNAL, encode, run_key, step_key};
use crate::run::{Asked, Status};

impl Inner {
    /// Facts were committed: the log and the observer are told.
    pub(super) fn tell(&self, facts: &[Fact]) {
        for fact in facts {
            fact.log();
            self.observer.happened(fact);
        }
    }
}

impl Drive<'_> {
    /// Commits the run as it is, with everything staged. With an answer the run rests, until `until` if it waits; without
    /// one it goes on, and if this node dies another takes over when the lease is up.
    pub(super) async fn commit(&mut self, answer: Option<&Answer>, until: Option<Timestamp>) -> Result<(), Halt> {
        let limits = &self.engine.limits;
        let mut run = self.run.clone();
        let lease = later(self.now, limits.lease);
        run.lease = answer.is_none().then_some(lease);
        let asked = if answer.is_some() { run.asked.take() } else { run.asked.clone() };
        let wake_at = match (&run.status, answer) {
            (status, _) if status.is_end() => None,
            (Status::Waiting, Some(_)) => until,
            _ => Some(lease),
        };
        let kept_until = later(run.expires_at, limits.run_kept);
        let expect = expect(self.rest.run);
        let mut batch =
            Batch::new().put(run_key(&self.tenant, run.id), expect, encode(&run)?, Some(kept_until), wake_at);
        if let Some(asked) = &asked {
            batch = self.put_answer(batch, asked, answer)?;
        }
        let signals = self.signal_ids();
        for id in self.rest.signals.iter().filter(|id| !signals.contains(id)) {
            batch = batch.delete(Key::new(&self.tenant, SIGNAL, id.as_slice()), Expect::Version(1));
        }
        for id in signals.iter().filter(|id| !self.rest.signals.contains(id)) {
            let key = Key::new(&self.tenant, SIGNAL, id.as_slice());
            batch = batch.put(key, Expect::Absent, Vec::new(), Some(kept_until), None);
        }
        for write in &self.staged {
            batch = self.write(batch, write)?;
        }
        let letter = self.outbox.letter()?;
        let posted = letter.is_some().then(|| outbox_key(&self.tenant, run.id, expect));
        if let (Some(key), Some(letter)) = (&posted, letter) {
            // Whoever waits for it now has ended by then.
            let expires_at = later(self.now, limits.lifetime);
            batch = batch.put(key.clone(), Expect::Absent, letter, Some(expires_at), Some(self.now));
        }
        for fact in &self.facts {
            batch = self.append(batch, fact)?;
        }
        match self.engine.vault.commit(batch).await {
            Ok(committed) => {
                self.engine.observer.committed(CommitEnd::Written);
                self.engine.tell(&self.facts);
                self.rest.run = Some(expect.next_version());
                self.rest.answer = asked.map(|_| self::expect(self.rest.answer).next_version());
                self.rest.signals = signals;
                self.now = committed.at;
                self.leased = answer.is_none();
                self.staged.clear();
                self.outbox.said(posted);
                self.facts.clear();
                self.first_facts.clear();
                self.checkpoint = run.clone();
                self.run = run;
                Ok(())
            }
            Err(CommitError::Conflict { key }) => {
                self.engine.observer.committed(CommitEnd::Conflict);
                Err(if key.kind == RUN || key.kind == ANSWER { Halt::Moved } else { Halt::Changed(key) })
            }
            Err(CommitError::Store(error)) => {
                self.engine.observer.committed(CommitEnd::Failed);
                Err(error.into())
            }
        }
    }

    /// Gives a run that cannot go on now back, so that the same request or the timer may try again. Losing the race for it
    /// is as good.
    pub(super) async fn release(&self) {
        // Without a commit of its own, the drive has left the run as it was.
        let Some(version) = self.rest.run.filter(|_| self.leased) else { return };
        let limits = &self.engine.limits;
        let mut run = self.checkpoint.clone();
        run.lease = None;
        let Ok(bytes) = encode(&run) else { return };
        let key = run_key(&self.tenant, run.id);
        let (kept_until, wake_at) = (later(run.expires_at, limits.run_kept), later(self.now, limits.lease));
        let batch = Batch::new().put(key, Expect::Version(version), bytes, Some(kept_until), Some(wake_at));
        if let Err(error) = self.engine.vault.commit(batch).await {
            tracing::debug!(%error, "the run was not given back");
        }
    }

    fn put_answer(&self, batch: Batch, asked: &Asked, answer: Option<&Answer>) -> Result<Batch, EngineError> {
        let stored = Answered { body: asked.body, run: self.run.id, answer: answer.map(Into::into) };
        let key = Key::new(&self.tenant, ANSWER, asked.record.as_slice());
        let expires_at = later(self.now, self.engine.limits.answer_kept);
        Ok(batch.put(key, expect(self.rest.answer), encode(&stored)?, Some(expires_at), None))
    }

    /// The records by which a signal finds the run.
    pub(super) fn signal_ids(&self) -> Vec<Vec<u8>> {
        let keys = self.run.wait().map(|wait| wait.signals.as_slice()).unwrap_or_default();
        let mut ids: Vec<_> = keys
            .iter()
            .map(|key| {
                let mut id = self.engine.vault.lookup(&self.tenant, SIGNAL, &**key);
                id.extend_from_slice(self.run.id.as_bytes());
                id
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn write(&self, batch: Batch, write: &Write) -> Result<Batch, EngineError> {
        let key = |kind: &str, id: &[u8]| {
            let of_a_step = step_key(&self.engine.vault, &self.tenant, kind, id);
            let key = of_a_step.or_else(|| Some(Key::new(&self.tenant, Kind::stored(kind)?, id)));
            key.ok_or_else(|| EngineError::internal("a staged record has a kind that is none"))
        };
        Ok(match write {
            Write::Put { kind, id, expected, value, expires_at } => {
                batch.put(key(kind, id)?, condition(*expected), value.clone(), *expires_at, None)
            }
            Write::Delete { kind, id, expected } => batch.delete(key(kind, id)?, condition(*expected)),
            Write::Require { kind, id, expected } => batch.require(key(kind, id)?, condition(*expected)),
            Write::Record(fact) => self.append(batch, fact)?,
        })
    }

    fn append(&self, batch: Batch, fact: &Fact) -> Result<Batch, EngineError> {
        let payload = serde_json::to_vec(fact).map_err(EngineError::internal)?;
        Ok(batch.append(&self.tenant, AUDIT, payload))
    }
}

/// The facts that a batch appends to the audit trail.
pub(super) fn facts_of(batch: &Batch) -> Vec<Fact> {
    batch.appends.iter().filter_map(|append| serde_json::from_slice(&append.payload).ok()).collect()
}

/// Where a commit that makes a run this version keeps what it says to others.
fn outbox_key(tenant: &TenantId, run: Uuid, expect: Expect) -> Key {
    let mut id = run.as_bytes().to_vec();
    id.extend_from_slice(&expect.next_version().to_be_bytes());
    Key::new(tenant, OUTBOX, id)
}

/// The condition under which a record at this version, or none, may be written.
fn expect(version: Option<u64>) -> Expect {
    version.map_or(Expect::Absent, Expect::Version)
}

fn condition(expected: Expected) -> Expect {
    match expected {
        Expected::Absent => Expect::Absent,
        Expected::Version(version) => Expect::Version(version),
    }
}

//! A path comes in, a store in one file goes out: redb below, one writer thread, reads on snapshots.
//!
//! A commit is one fsync. redb's one-phase commit trusts a checksum that only bytes of an attacker's choice could fool;
//! what stands in our rows is sealed, so nobody outside chooses it.

mod open;
mod read;
mod slot;
mod tables;
mod writer;

use std::{path::Path, sync::Arc, thread};

use ::redb::StorageBackend;
use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use self::{slot::Slot, writer::Job};
use crate::{
    batch::Batch,
    clock::{Time, WallClock},
    error::{CommitError, StoreError},
    log::{Entry, Head},
    record::{Due, Key, Kind, Record, TenantId},
    store::{Committed, Store},
};

/// How many batches may queue before callers wait for a place.
const QUEUE: usize = 1024;

/// A store in one file, held by one process at a time.
///
/// Dropping it finishes what has queued and lets go of the file.
pub struct RedbStore {
    slot: Arc<Slot>,
    time: Arc<Time>,
    // Both are there until the drop.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl RedbStore {
    /// Opens the store in `path`; makes it, readable by its owner alone, if there is no file or an empty one.
    ///
    /// # Errors
    /// [`StoreError::Held`] while another handle has it open, [`StoreError::Foreign`] for a file that is no store,
    /// [`StoreError::Format`] for one of another version, [`StoreError::Io`] and [`StoreError::Damaged`] for one that
    /// cannot be read.
    pub fn open(path: impl AsRef<Path>, clock: impl WallClock) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let file = path.clone();
        Self::on(move || open::file(&file), &path, clock)
    }

    /// A store on what `storage` gives, now and after a failure.
    fn on<B: StorageBackend>(
        storage: impl Fn() -> Result<B, StoreError> + Send + Sync + 'static,
        path: &Path,
        clock: impl WallClock,
    ) -> Result<Self, StoreError> {
        let (database, writer, latest) = open::database(storage()?, path)?;
        let reopen = {
            let path = path.to_owned();
            move || match open::database(storage()?, &path)? {
                (database, found, _) if found == writer => Ok(database),
                _ => Err(StoreError::damaged("another store is in its place")),
            }
        };
        let slot = Arc::new(Slot::new(database, Box::new(reopen)));
        let time = Arc::new(Time::new(Arc::new(clock), latest));
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = {
            let (slot, time) = (Arc::clone(&slot), Arc::clone(&time));
            let serve = move || writer::serve(&slot, &time, writer, queue);
            thread::Builder::new().name("wayfarer-store".to_owned()).spawn(serve)
        };
        let thread = Some(thread.map_err(|source| open::io_error(path, source))?);
        Ok(Self { slot, time, jobs: Some(jobs), thread })
    }
}

/// Lets the writer finish its queue, so that the file is free when the drop returns.
impl Drop for RedbStore {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // If it panicked, its callers have been told that the store is closed.
            drop(thread.join());
        }
    }
}

#[async_trait]
impl Store for RedbStore {
    async fn now(&self) -> Result<Timestamp, StoreError> {
        Ok(self.time.now())
    }

    async fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.slot.read(|database| read::get(database, self.time.now(), key))
    }

    async fn scan(
        &self,
        tenant: &TenantId,
        kind: Kind,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Record)>, StoreError> {
        self.slot.read(|database| read::scan(database, self.time.now(), tenant, kind, after, limit))
    }

    async fn walk(&self, after: Option<&Key>, limit: usize) -> Result<Vec<(Key, Record)>, StoreError> {
        self.slot.read(|database| read::walk(database, self.time.now(), after, limit))
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        let (answer, result) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(Job { batch, answer }).await.map_err(|_| StoreError::Closed)?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.slot.read(|database| read::due(database, now, limit))
    }

    async fn read_log(
        &self,
        tenant: &TenantId,
        log: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.slot.read(|database| read::entries(database, tenant, log, after, limit))
    }

    async fn heads(&self, tenant: &TenantId, log: &str) -> Result<Vec<Head>, StoreError> {
        self.slot.read(|database| read::heads(database, tenant, log))
    }

    async fn logs(
        &self,
        after: Option<(&TenantId, &str)>,
        limit: usize,
    ) -> Result<Vec<(TenantId, String)>, StoreError> {
        self.slot.read(|database| read::logs(database, after, limit))
    }
}

/// An error of redb as one of ours.
fn lift(error: ::redb::Error) -> StoreError {
    match error {
        ::redb::Error::Corrupted(what) => StoreError::Damaged { what },
        other => StoreError::backend(other),
    }
}

#[cfg(test)]
mod tests;

//! The open database, for readers and the writer; after its storage failed, a new one in its place (R120).
//!
//! redb refuses everything after the first failed read or write, because it no longer knows what is on disk. Opening the
//! file again finds out: the newest whole commit counts. So a full disk that has room again needs no operator.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError, RwLock},
};

use ::redb::{Database, Error};

use super::lift;
use crate::error::StoreError;

/// Opens the same store once more.
type Reopen = Box<dyn Fn() -> Result<Database, StoreError> + Send + Sync>;

pub(super) struct Slot {
    /// Nothing between a failure and the next commit.
    database: RwLock<Option<Arc<Database>>>,
    reopen: Reopen,
}

impl Slot {
    pub(super) fn new(database: Database, reopen: Reopen) -> Self {
        Self { database: RwLock::new(Some(Arc::new(database))), reopen }
    }

    /// Asks the database.
    pub(super) fn read<T>(&self, ask: impl FnOnce(&Database) -> Result<T, Error>) -> Result<T, StoreError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(database) = database else { return Err(StoreError::backend(Error::PreviousIo)) };
        let answer = guard(|| ask(&database).map_err(lift));
        discard(database);
        answer
    }

    /// Changes the database, opened anew if it had failed. If this fails too, or panics, the next call opens it anew.
    pub(super) fn write<T>(&self, change: impl FnOnce(&Database) -> Result<T, Error>) -> Result<T, StoreError> {
        let database = self.take_or_open()?;
        let changed = catch_unwind(AssertUnwindSafe(|| change(&database)));
        let changed =
            changed.map_err(|_| StoreError::damaged("the storage panicked")).and_then(|done| done.map_err(lift));
        if let Err(error) = &changed {
            tracing::error!(%error, "a commit failed; the store is opened anew");
            let failed = self.database.write().unwrap_or_else(PoisonError::into_inner).take();
            discard(failed);
        }
        discard(database);
        changed
    }

    fn take_or_open(&self) -> Result<Arc<Database>, StoreError> {
        let mut slot = self.database.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(database) = &*slot {
            return Ok(Arc::clone(database));
        }
        // While a slow reader still has the failed one, the file is held; then the next commit tries again.
        let database = Arc::new((self.reopen)()?);
        *slot = Some(Arc::clone(&database));
        Ok(database)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        discard(self.database.get_mut().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// Lets go of a handle. The last one closes the file, which on damaged pages may panic as any other work on them.
pub(super) fn discard<T>(handle: T) {
    // Closing has nothing to say that the next opening does not find out.
    drop(guard(|| {
        drop(handle);
        Ok(())
    }));
}

/// Turns a panic into an error: redb trusts its checksums, and stumbles over bytes that somebody altered behind them.
pub(super) fn guard<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    // What the work leaves behind half done is a transaction, which is then gone.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(StoreError::damaged("its pages contradict each other")))
}

#[cfg(test)]
mod tests;

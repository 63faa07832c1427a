//! The contract of a store: batches and keys come in, records, entries and what is due go out.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    batch::Batch,
    error::{CommitError, StoreError},
    log::{Appended, Entry, Head},
    record::{Due, Key, Kind, Record, TenantId},
};

/// Versioned records and logs. What it is given is already sealed: a store looks at keys, versions and times only.
///
/// An implementation must pass [`conformance::run`](crate::conformance::run).
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// The store's time: the later of the last time stored and the wall clock, in whole microseconds. It never goes back,
    /// not even over a restart: after a clock that ran ahead was set right, it stands still until the clock has caught up.
    async fn now(&self) -> Result<Timestamp, StoreError>;

    /// The record under `key`; an expired one reads as absent.
    async fn get(&self, key: &Key) -> Result<Option<Record>, StoreError>;

    /// The records of one kind in the order of their ids, those beyond `after`, at most `limit`.
    async fn scan(
        &self,
        tenant: &TenantId,
        kind: Kind,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Record)>, StoreError>;

    /// The records of all tenants and kinds in an order of the store's own, those beyond `after`, at most `limit`; for what
    /// concerns all of them alike.
    async fn walk(&self, after: Option<&Key>, limit: usize) -> Result<Vec<(Key, Record)>, StoreError>;

    /// Commits the batch if all its conditions hold, durably, before it returns.
    ///
    /// The batch is carried out even if the caller stops waiting. After [`CommitError::Store`] it may or may not have been
    /// kept, unless the error is [`StoreError::Refused`].
    async fn commit(&self, batch: Batch) -> Result<Committed, CommitError>;

    /// What is due at `now`, the longest due first: at most `limit` expiries and `limit` wakes, so that neither holds up the
    /// other. Read from an index by time.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError>;

    /// A tenant's log in the order of [`Entry::position`], those beyond `after`, at most `limit`.
    async fn read_log(
        &self,
        tenant: &TenantId,
        log: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;

    /// The newest entry of each writer of a log, as the store remembers them beside the entries.
    async fn heads(&self, tenant: &TenantId, log: &str) -> Result<Vec<Head>, StoreError>;

    /// The logs that have an entry, in order, those beyond `after`, at most `limit`.
    async fn logs(&self, after: Option<(&TenantId, &str)>, limit: usize)
    -> Result<Vec<(TenantId, String)>, StoreError>;
}

/// What a committed batch became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The store's time of the commit.
    pub at: Timestamp,
    /// The new version for each put, in order.
    pub versions: Vec<u64>,
    /// Where each appended entry stands, in order.
    pub appended: Vec<Appended>,
}

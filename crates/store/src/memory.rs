//! The file store's code on memory: for tests, for hosts without a disk, and for `run` without `--data`.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    Batch, CommitError, Committed, Due, Entry, Head, Key, Kind, Record, RedbStore, Store, StoreError, TenantId,
    WallClock,
};

/// A store that is gone when it is dropped.
pub struct MemoryStore(RedbStore);

impl MemoryStore {
    /// An empty store.
    ///
    /// # Errors
    /// The system has no thread or no random bytes for it.
    pub fn new(clock: impl WallClock) -> Result<Self, StoreError> {
        RedbStore::in_memory(clock).map(Self)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn now(&self) -> Result<Timestamp, StoreError> {
        self.0.now().await
    }

    async fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.0.get(key).await
    }

    async fn scan(
        &self,
        tenant: &TenantId,
        kind: Kind,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Record)>, StoreError> {
        self.0.scan(tenant, kind, after, limit).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        self.0.commit(batch).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.0.due(now, limit).await
    }

    async fn read_log(
        &self,
        tenant: &TenantId,
        log: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.0.read_log(tenant, log, after, limit).await
    }

    async fn heads(&self, tenant: &TenantId, log: &str) -> Result<Vec<Head>, StoreError> {
        self.0.heads(tenant, log).await
    }

    async fn logs(
        &self,
        after: Option<(&TenantId, &str)>,
        limit: usize,
    ) -> Result<Vec<(TenantId, String)>, StoreError> {
        self.0.logs(after, limit).await
    }
}

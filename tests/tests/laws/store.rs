//! A store that counts its commits and can die at one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use jiff::Timestamp;
use wayfarer::step::async_trait;
use wayfarer::store::{
    Batch, CommitError, Committed, Due, Entry, Head, Key, Kind, Record, Store, StoreError, TenantId,
};

#[derive(Clone)]
pub(crate) struct Watched(Arc<State>);

struct State {
    store: Arc<dyn Store>,
    commits: AtomicU64,
    dies_at: AtomicU64,
    kept: AtomicBool,
    dead: AtomicBool,
}

impl Watched {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self(Arc::new(State {
            store,
            commits: AtomicU64::new(0),
            dies_at: AtomicU64::new(u64::MAX),
            kept: AtomicBool::new(false),
            dead: AtomicBool::new(false),
        }))
    }

    pub(crate) fn commits(&self) -> u64 {
        self.0.commits.load(Ordering::SeqCst)
    }

    /// Dies at the commit after `commits` more; `kept` says whether that one still reached the disk.
    pub(crate) fn die_after(&self, commits: u64, kept: bool) {
        self.0.dies_at.store(self.commits() + commits, Ordering::SeqCst);
        self.0.kept.store(kept, Ordering::SeqCst);
    }

    pub(crate) fn revive(&self) {
        self.0.dies_at.store(u64::MAX, Ordering::SeqCst);
        self.0.dead.store(false, Ordering::SeqCst);
    }

    fn alive(&self) -> Result<&dyn Store, StoreError> {
        if self.0.dead.load(Ordering::SeqCst) { Err(StoreError::Closed) } else { Ok(&*self.0.store) }
    }
}

#[async_trait]
impl Store for Watched {
    async fn now(&self) -> Result<Timestamp, StoreError> {
        self.alive()?.now().await
    }

    async fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.alive()?.get(key).await
    }

    async fn scan(
        &self,
        tenant: &TenantId,
        kind: Kind,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Record)>, StoreError> {
        self.alive()?.scan(tenant, kind, after, limit).await
    }

    async fn walk(&self, after: Option<&Key>, limit: usize) -> Result<Vec<(Key, Record)>, StoreError> {
        self.alive()?.walk(after, limit).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        let store = self.alive()?;
        if self.0.commits.fetch_add(1, Ordering::SeqCst) < self.0.dies_at.load(Ordering::SeqCst) {
            return store.commit(batch).await;
        }
        self.0.dead.store(true, Ordering::SeqCst);
        if self.0.kept.load(Ordering::SeqCst) {
            self.0.store.commit(batch).await?;
        }
        Err(StoreError::Closed.into())
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.alive()?.due(now, limit).await
    }

    async fn read_log(
        &self,
        tenant: &TenantId,
        log: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.alive()?.read_log(tenant, log, after, limit).await
    }

    async fn heads(&self, tenant: &TenantId, log: &str) -> Result<Vec<Head>, StoreError> {
        self.alive()?.heads(tenant, log).await
    }

    async fn logs(
        &self,
        after: Option<(&TenantId, &str)>,
        limit: usize,
    ) -> Result<Vec<(TenantId, String)>, StoreError> {
        self.alive()?.logs(after, limit).await
    }
}

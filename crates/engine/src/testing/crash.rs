//! A store whose machine dies at a commit of one's choice, and can be switched on again.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use wayfarer_store::{Batch, CommitError, Committed, Due, Entry, Head, Key, Kind, Record, Store, StoreError, TenantId};

/// When in a commit the machine dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Nothing was kept.
    Before,
    /// Everything was kept, and nobody was told.
    After,
}

#[derive(Clone)]
pub(crate) struct Crashing(Arc<State>);

struct State {
    store: Arc<dyn Store>,
    commits: AtomicI64,
    dies_at: AtomicI64,
    after: AtomicBool,
    dead: AtomicBool,
    has_died: AtomicBool,
    intruder: Mutex<Option<(i64, Intruder)>>,
}

/// Something that happens just before a commit.
type Intruder = Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

impl Crashing {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self(Arc::new(State {
            store,
            commits: AtomicI64::new(0),
            dies_at: AtomicI64::new(i64::MAX),
            after: AtomicBool::new(false),
            dead: AtomicBool::new(false),
            has_died: AtomicBool::new(false),
            intruder: Mutex::new(None),
        }))
    }

    /// Dies at the commit after `commits` more.
    pub(crate) fn die_after(&self, commits: i64, when: When) {
        self.0.commits.store(0, Ordering::SeqCst);
        self.0.dies_at.store(commits, Ordering::SeqCst);
        self.0.after.store(when == When::After, Ordering::SeqCst);
    }

    /// Whether it has died since.
    pub(crate) fn is_dead(&self) -> bool {
        self.0.dead.load(Ordering::SeqCst)
    }

    /// Whether it ever has.
    pub(crate) fn has_died(&self) -> bool {
        self.0.has_died.load(Ordering::SeqCst)
    }

    /// Lets something happen just before the commit after `commits` more.
    pub(crate) fn before_commit(
        &self,
        commits: i64,
        intruder: impl Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + 'static,
    ) {
        self.0.commits.store(0, Ordering::SeqCst);
        *self.0.intruder.lock().unwrap() = Some((commits, Box::new(intruder)));
    }

    pub(crate) fn revive(&self) {
        self.0.dies_at.store(i64::MAX, Ordering::SeqCst);
        self.0.dead.store(false, Ordering::SeqCst);
    }

    fn alive(&self) -> Result<&dyn Store, StoreError> {
        if self.is_dead() { Err(StoreError::Closed) } else { Ok(&*self.0.store) }
    }
}

#[async_trait]
impl Store for Crashing {
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
        let number = self.0.commits.fetch_add(1, Ordering::SeqCst);
        let intruder = self.0.intruder.lock().unwrap().take_if(|(at, _)| *at == number);
        if let Some((_, intruder)) = intruder {
            intruder().await;
        }
        if number < self.0.dies_at.load(Ordering::SeqCst) {
            return store.commit(batch).await;
        }
        self.0.dead.store(true, Ordering::SeqCst);
        self.0.has_died.store(true, Ordering::SeqCst);
        if self.0.after.load(Ordering::SeqCst) {
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

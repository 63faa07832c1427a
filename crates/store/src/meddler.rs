//! A store in which a test plays whoever can write to the file: what is read comes out as the test likes.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    Batch, CommitError, Committed, Due, Entry, Head, Key, KeyRing, Kind, ManualClock, MemoryStore, Record, Store,
    StoreError, TenantId, Vault,
};

type Forge<T> = Box<dyn Fn(T) -> T + Send>;

/// What a [`Meddler`] does to the rows that are read.
#[derive(Default)]
pub(crate) struct Forgeries {
    pub(crate) record: Option<Forge<(Key, Option<Record>)>>,
    pub(crate) entries: Option<Forge<Vec<Entry>>>,
    pub(crate) heads: Option<Forge<Vec<Head>>>,
}

/// A memory store between whose rows and readers [`Forgeries`] stand.
pub(crate) struct Meddler {
    pub(crate) store: MemoryStore,
    pub(crate) clock: ManualClock,
    forgeries: Mutex<Forgeries>,
}

impl Meddler {
    pub(crate) fn new() -> Result<Arc<Self>, StoreError> {
        let clock = ManualClock::default();
        let store = MemoryStore::new(clock.clone())?;
        Ok(Arc::new(Self { store, clock, forgeries: Mutex::default() }))
    }

    /// A meddler and a vault on it, with keys of their own.
    pub(crate) async fn with_vault() -> Result<(Arc<Self>, Vault), StoreError> {
        let meddler = Self::new()?;
        let keys = KeyRing::ephemeral().map_err(|_| StoreError::Seal)?;
        let vault = Vault::open(Arc::clone(&meddler) as Arc<dyn Store>, Arc::new(keys)).await?;
        Ok((meddler, vault))
    }

    /// From now on rows are forged like this.
    pub(crate) fn forge(&self, forgeries: Forgeries) {
        *self.forgeries.lock().unwrap_or_else(PoisonError::into_inner) = forgeries;
    }

    /// From now on entries are forged like this.
    pub(crate) fn forge_entries(&self, forge: impl Fn(Vec<Entry>) -> Vec<Entry> + Send + 'static) {
        self.forge(Forgeries { entries: Some(Box::new(forge)), ..Forgeries::default() });
    }

    /// From now on records are forged like this.
    pub(crate) fn forge_record(&self, forge: impl Fn(&Key, Option<Record>) -> Option<Record> + Send + 'static) {
        let forge = move |(key, record)| {
            let record = forge(&key, record);
            (key, record)
        };
        self.forge(Forgeries { record: Some(Box::new(forge)), ..Forgeries::default() });
    }

    fn forged<T>(&self, which: impl Fn(&Forgeries) -> &Option<Forge<T>>, row: T) -> T {
        let forgeries = self.forgeries.lock().unwrap_or_else(PoisonError::into_inner);
        match which(&forgeries) {
            Some(forge) => forge(row),
            None => row,
        }
    }
}

#[async_trait]
impl Store for Meddler {
    async fn now(&self) -> Result<Timestamp, StoreError> {
        self.store.now().await
    }

    async fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        let record = self.store.get(key).await?;
        Ok(self.forged(|forgeries| &forgeries.record, (key.clone(), record)).1)
    }

    async fn scan(
        &self,
        tenant: &TenantId,
        kind: Kind,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Record)>, StoreError> {
        let rows = self.store.scan(tenant, kind, after, limit).await?.into_iter();
        let forged = rows.filter_map(|(id, record)| {
            let row = (Key::new(tenant, kind, id), Some(record));
            let (key, record) = self.forged(|forgeries| &forgeries.record, row);
            Some((key.id, record?))
        });
        Ok(forged.collect())
    }

    async fn walk(&self, after: Option<&Key>, limit: usize) -> Result<Vec<(Key, Record)>, StoreError> {
        self.store.walk(after, limit).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        self.store.commit(batch).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.store.due(now, limit).await
    }

    async fn read_log(
        &self,
        tenant: &TenantId,
        log: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        // The forger sees the whole log, the reader a page of what is left of it.
        let all = self.store.read_log(tenant, log, None, usize::MAX).await?;
        let forged = self.forged(|forgeries| &forgeries.entries, all);
        Ok(forged.into_iter().filter(|entry| Some(entry.position) > after).take(limit).collect())
    }

    async fn heads(&self, tenant: &TenantId, log: &str) -> Result<Vec<Head>, StoreError> {
        let heads = self.store.heads(tenant, log).await?;
        Ok(self.forged(|forgeries| &forgeries.heads, heads))
    }

    async fn logs(
        &self,
        after: Option<(&TenantId, &str)>,
        limit: usize,
    ) -> Result<Vec<(TenantId, String)>, StoreError> {
        self.store.logs(after, limit).await
    }
}

//! Batches and keys come in; records, entries and what is due go out of tables in memory: for tests, for hosts without a
//! disk, and for `run` without `--data`.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    batch::{Append, Batch, Operation},
    clock::{Time, WallClock, whole_microseconds},
    error::{CommitError, StoreError},
    log::{Appended, Entry, Head, NO_ENTRY, WriterId, entry_hash},
    record::{Due, DueKind, Key, Kind, Record, TenantId},
    store::{Committed, Store},
};

/// A store that is gone when it is dropped.
pub struct MemoryStore {
    time: Time,
    writer: WriterId,
    /// Held for moments only: nothing waits while it is.
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    records: BTreeMap<Key, Record>,
    expiries: BTreeSet<(Timestamp, Key)>,
    wakes: BTreeSet<(Timestamp, Key)>,
    /// Each entry stands at its position less one: there is one writer, and no entry is ever removed.
    logs: BTreeMap<(TenantId, &'static str), Vec<Entry>>,
}

impl MemoryStore {
    /// An empty store.
    ///
    /// # Errors
    /// The system has no random bytes for it.
    pub fn new(clock: impl WallClock) -> Result<Self, StoreError> {
        let time = Time::new(Arc::new(clock), Timestamp::UNIX_EPOCH);
        Ok(Self { time, writer: WriterId::random()?, tables: Mutex::default() })
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn now(&self) -> Result<Timestamp, StoreError> {
        Ok(self.time.now())
    }

    async fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        let now = self.time.now();
        Ok(self.tables().records.get(key).filter(|record| !record.has_expired(now)).cloned())
    }

    async fn scan(
        &self,
        tenant: &TenantId,
        kind: Kind,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Record)>, StoreError> {
        let now = self.time.now();
        let from = Key::new(tenant, kind, after.unwrap_or_default());
        let from = if after.is_some() { Bound::Excluded(from) } else { Bound::Included(from) };
        let tables = self.tables();
        let rows = tables.records.range((from, Bound::Unbounded));
        let of_kind = rows.take_while(|(key, _)| key.tenant == *tenant && key.kind == kind);
        let live = of_kind.filter(|(_, record)| !record.has_expired(now));
        Ok(live.take(limit).map(|(key, record)| (key.id.clone(), record.clone())).collect())
    }

    async fn walk(&self, after: Option<&Key>, limit: usize) -> Result<Vec<(Key, Record)>, StoreError> {
        let now = self.time.now();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let tables = self.tables();
        let live = tables.records.range((from, Bound::Unbounded)).filter(|(_, record)| !record.has_expired(now));
        Ok(live.take(limit).map(|(key, record)| (key.clone(), record.clone())).collect())
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        batch.validate()?;
        let mut tables = self.tables();
        // Asked for under the lock, so that the times of commits stand in their order.
        let at = self.time.now();
        for operation in &batch.operations {
            let found = tables.records.get(operation.key()).filter(|record| !record.has_expired(at));
            let version = found.map(|record| record.version);
            if operation.expect().is_some_and(|expect| !expect.holds(version)) {
                return Err(CommitError::Conflict { key: operation.key().clone() });
            }
        }
        let versions = batch.operations.into_iter().filter_map(|operation| tables.write(at, operation)).collect();
        let appended = batch.appends.into_iter().map(|append| tables.append(at, self.writer, append)).collect();
        Ok(Committed { at, versions, appended })
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        let tables = self.tables();
        let mut found = due_in(&tables.expiries, DueKind::Expiry, now, limit);
        // What has expired wakes nobody; its expiry erases it.
        let live = |due: &Due| tables.records.get(&due.key).is_some_and(|record| !record.has_expired(now));
        found.extend(due_in(&tables.wakes, DueKind::Wake, now, limit).into_iter().filter(live));
        found.sort_by_key(|due| due.at);
        Ok(found)
    }

    async fn read_log(
        &self,
        tenant: &TenantId,
        log: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let skipped = usize::try_from(after.unwrap_or_default()).unwrap_or(usize::MAX);
        let tables = self.tables();
        let entries = tables.logs.get(&(tenant.clone(), log)).into_iter().flatten();
        Ok(entries.skip(skipped).take(limit).cloned().collect())
    }

    async fn heads(&self, tenant: &TenantId, log: &str) -> Result<Vec<Head>, StoreError> {
        let tables = self.tables();
        let newest = tables.logs.get(&(tenant.clone(), log)).and_then(|entries| entries.last());
        let head = |entry: &Entry| Head { writer: entry.writer, sequence: entry.sequence, hash: entry.hash };
        Ok(newest.map(head).into_iter().collect())
    }

    async fn logs(
        &self,
        after: Option<(&TenantId, &str)>,
        limit: usize,
    ) -> Result<Vec<(TenantId, String)>, StoreError> {
        let from = after.map_or(Bound::Unbounded, |(tenant, log)| Bound::Excluded((tenant.clone(), log)));
        let tables = self.tables();
        let names = tables.logs.range((from, Bound::Unbounded)).map(|((tenant, log), _)| (tenant.clone(), *log));
        Ok(names.take(limit).map(|(tenant, log)| (tenant, log.to_owned())).collect())
    }
}

fn due_in(index: &BTreeSet<(Timestamp, Key)>, kind: DueKind, now: Timestamp, limit: usize) -> Vec<Due> {
    let due = index.iter().take_while(|(at, _)| *at <= now).take(limit);
    due.map(|(at, key)| Due { key: key.clone(), kind, at: *at }).collect()
}

impl Tables {
    /// Carries out one operation; gives the new version of a put.
    fn write(&mut self, now: Timestamp, operation: Operation) -> Option<u64> {
        match operation {
            Operation::Put { key, expect, value, expires_at, wake_at } => {
                self.erase(&key);
                let (expires_at, wake_at) = (expires_at.map(whole_microseconds), wake_at.map(whole_microseconds));
                self.expiries.extend(expires_at.map(|at| (at, key.clone())));
                self.wakes.extend(wake_at.map(|at| (at, key.clone())));
                let version = expect.next_version();
                self.records.insert(key, Record { version, value, expires_at, wake_at });
                Some(version)
            }
            Operation::Delete { key, .. } => {
                self.erase(&key);
                None
            }
            Operation::Purge { key } => {
                if self.records.get(&key).is_some_and(|record| record.has_expired(now)) {
                    self.erase(&key);
                }
                None
            }
            Operation::Reseal { key, version, value } => {
                let read = |record: &&mut Record| record.version == version && !record.has_expired(now);
                if let Some(record) = self.records.get_mut(&key).filter(read) {
                    record.value = value;
                }
                None
            }
            Operation::Require { .. } => None,
        }
    }

    fn erase(&mut self, key: &Key) {
        let Some(old) = self.records.remove(key) else { return };
        if let Some(at) = old.expires_at {
            self.expiries.remove(&(at, key.clone()));
        }
        if let Some(at) = old.wake_at {
            self.wakes.remove(&(at, key.clone()));
        }
    }

    fn append(&mut self, at: Timestamp, writer: WriterId, append: Append) -> Appended {
        let Append { tenant, log, payload } = append;
        let entries = self.logs.entry((tenant.clone(), log)).or_default();
        let (last, previous) = entries.last().map_or((0, NO_ENTRY), |entry| (entry.sequence, entry.hash));
        let sequence = last + 1;
        let hash = entry_hash(&tenant, log, writer, sequence, at, &previous, &payload);
        entries.push(Entry { position: sequence, sequence, at, writer, previous, hash, payload });
        Appended { position: sequence, sequence, hash }
    }
}

#[cfg(test)]
mod tests;

//! Writers come in, one or many, each reading a record, changing it and committing it; what a commit takes goes out.
//!
//! All of them are durable before they are answered. An iteration is one commit of each writer.

mod bare;
mod log;

use std::time::{Duration, Instant};

use criterion::Criterion;
use futures_util::future::join_all;
use tokio::runtime::Builder;
use wayfarer::store::{Batch, Expect, Key, Kind, RedbStore, Store, SystemClock, TenantId};

use crate::scratch;

/// The writers that share a sync.
const MANY: usize = 64;
/// The records that there are before anything is measured.
const RECORDS: usize = 10_240;
/// The bytes of each: a run that waits, with a request in it.
const SIZE: usize = 1_200;

pub(crate) fn measure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("commits");
    group.sample_size(20);

    let folder = scratch::folder();
    let ours = Ours::new(&folder.path().join("ours.redb"));
    group.bench_function("ours by 1", |b| b.iter_custom(|rounds| ours.commit(1, rounds)));
    group.bench_function("ours by 64", |b| b.iter_custom(|rounds| ours.commit(MANY, rounds)));
    drop(ours);

    let bare = bare::Bare::new(&folder.path().join("bare.redb"));
    group.bench_function("redb by 1", |b| b.iter_custom(|rounds| bare.commit(1, rounds)));
    group.bench_function("redb by 64", |b| b.iter_custom(|rounds| bare.commit(MANY, rounds)));
    drop(bare);

    let log = log::Log::new(&folder.path().join("log"));
    group.bench_function("log by 1", |b| b.iter_custom(|rounds| log.commit(1, rounds)));
    group.bench_function("log by 64", |b| b.iter_custom(|rounds| log.commit(MANY, rounds)));
    group.finish();
}

/// The records of one writer, in an order without meaning: no writer waits for another's record.
fn records_of(writer: usize, rounds: u64) -> impl Iterator<Item = usize> {
    let own = RECORDS / MANY;
    (0..rounds).map(move |round| writer + MANY * (round as usize * 61 % own))
}

/// Bytes that are never the same twice.
fn changed(mut value: Vec<u8>) -> Vec<u8> {
    if let Some(first) = value.first_mut() {
        *first = first.wrapping_add(1);
    }
    value
}

struct Ours {
    store: RedbStore,
    tenant: TenantId,
}

impl Ours {
    fn new(path: &std::path::Path) -> Self {
        let ours = Self { store: RedbStore::open(path, SystemClock).unwrap(), tenant: TenantId::default() };
        let runtime = Builder::new_current_thread().build().unwrap();
        for records in (0..RECORDS).collect::<Vec<_>>().chunks(64) {
            let put =
                |batch: Batch, record: &usize| batch.put(ours.key(*record), Expect::Absent, vec![0; SIZE], None, None);
            runtime.block_on(ours.store.commit(records.iter().fold(Batch::new(), put))).unwrap();
        }
        ours
    }

    fn key(&self, record: usize) -> Key {
        Key::new(&self.tenant, Kind::new("run"), (record as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes())
    }

    fn commit(&self, writers: usize, rounds: u64) -> Duration {
        let runtime = Builder::new_current_thread().build().unwrap();
        let started = Instant::now();
        runtime.block_on(join_all((0..writers).map(|writer| self.write(writer, rounds))));
        started.elapsed()
    }

    async fn write(&self, writer: usize, rounds: u64) {
        for record in records_of(writer, rounds) {
            let key = self.key(record);
            let found = self.store.get(&key).await.unwrap().unwrap();
            let batch = Batch::new().put(key, Expect::Version(found.version), changed(found.value), None, None);
            self.store.commit(batch).await.unwrap();
        }
    }
}

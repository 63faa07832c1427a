//! The store in memory keeps the promises of every store, and is held against the file, batch by batch.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use proptest::{collection::vec, option, prelude::*};
use tempfile::TempDir;

use super::*;
use crate::{
    Expect, ManualClock, RedbStore,
    conformance::{self, Subject},
};

struct Memory(ManualClock);

#[async_trait]
impl Subject for Memory {
    async fn fresh(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(MemoryStore::new(self.0.clone())?))
    }

    async fn turn_clock(&self, by: SignedDuration) {
        self.0.advance(by);
    }
}

#[tokio::test]
async fn it_conforms() {
    let failures = conformance::run(&Memory(ManualClock::default())).await;
    assert!(failures.is_empty(), "{failures:#?}");
}

const KINDS: [Kind; 2] = [Kind::new("a"), Kind::new("ab")];
const LOGS: [&str; 2] = ["audit", "other"];
const TENANTS: [&str; 2] = ["one", "two"];

fn tenant() -> impl Strategy<Value = TenantId> {
    (0..TENANTS.len()).prop_map(|index| TenantId::new(TENANTS[index]).unwrap())
}

fn key() -> impl Strategy<Value = Key> {
    (tenant(), 0..KINDS.len(), vec(0..3_u8, 1..3)).prop_map(|(tenant, kind, id)| Key::new(&tenant, KINDS[kind], id))
}

fn expect() -> impl Strategy<Value = Expect> {
    prop_oneof![2 => Just(Expect::Absent), 3 => (1..4_u64).prop_map(Expect::Version)]
}

/// Seconds since the clock's first moment; some of them over already.
fn moment() -> impl Strategy<Value = Option<Timestamp>> {
    let at = |seconds: i64| ManualClock::default().now() + SignedDuration::from_millis(seconds * 1_000 + 1);
    option::of((-2..20_i64).prop_map(at))
}

fn operation() -> impl Strategy<Value = Operation> {
    let put = (key(), expect(), vec(any::<u8>(), 0..3), moment(), moment()).prop_map(
        |(key, expect, value, expires_at, wake_at)| Operation::Put { key, expect, value, expires_at, wake_at },
    );
    prop_oneof![
        6 => put,
        2 => (key(), expect()).prop_map(|(key, expect)| Operation::Delete { key, expect }),
        1 => (key(), expect()).prop_map(|(key, expect)| Operation::Require { key, expect }),
        2 => key().prop_map(|key| Operation::Purge { key }),
    ]
}

fn batch() -> impl Strategy<Value = Batch> {
    let append = (tenant(), 0..LOGS.len(), vec(any::<u8>(), 0..3)).prop_map(|(tenant, log, payload)| Append {
        tenant,
        log: LOGS[log],
        payload,
    });
    (vec(operation(), 0..4), vec(append, 0..3)).prop_map(|(operations, appends)| Batch { operations, appends })
}

/// All that a store tells, less what names its writer.
async fn told(store: &dyn Store) -> String {
    let mut told = Vec::new();
    let now = store.now().await.unwrap();
    told.push(format!("{:?}", store.due(now, 3).await.unwrap()));
    told.push(format!("{:?}", store.logs(None, 9).await.unwrap()));
    let first = store.logs(None, 1).await.unwrap();
    let after = first.first().map(|(tenant, log)| (tenant, log.as_str()));
    told.push(format!("{:?}", store.logs(after, 9).await.unwrap()));
    for tenant in TENANTS.map(|name| TenantId::new(name).unwrap()) {
        for kind in KINDS {
            for after in [None, Some([1].as_slice())] {
                for (id, record) in store.scan(&tenant, kind, after, 5).await.unwrap() {
                    let found = store.get(&Key::new(&tenant, kind, id.clone())).await.unwrap();
                    assert!(found == Some(record.clone()));
                    told.push(format!("{id:?} {record:?} {:?}", record.value));
                }
            }
        }
        for log in LOGS {
            let heads = store.heads(&tenant, log).await.unwrap();
            told.push(format!("{:?}", heads.iter().map(|head| head.sequence).collect::<Vec<_>>()));
            for entry in store.read_log(&tenant, log, Some(1), 4).await.unwrap() {
                told.push(format!("{} {} {} {:?}", entry.position, entry.sequence, entry.at, entry.payload));
            }
        }
    }
    told.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn it_does_what_the_file_does(batches in vec((batch(), 0..3_i64), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = TempDir::new().unwrap();
        let clock = ManualClock::default();
        let file = RedbStore::open(folder.path().join("store"), clock.clone()).unwrap();
        let memory = MemoryStore::new(clock.clone()).unwrap();
        for (batch, seconds) in batches {
            clock.advance(SignedDuration::from_secs(seconds));
            let results = [&file as &dyn Store, &memory].map(|store| {
                let result = runtime.block_on(store.commit(batch.clone()));
                let shown = result.map(|done| {
                    let places: Vec<_> = done.appended.iter().map(|entry| (entry.position, entry.sequence)).collect();
                    (done.at, done.versions, places)
                });
                (format!("{shown:?}"), runtime.block_on(told(store)))
            });
            prop_assert_eq!(&results[0], &results[1], "file, then memory");
        }
    }
}

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::SignedDuration;
use tempfile::TempDir;

use super::RedbStore;
use crate::{
    ManualClock, MemoryStore, Store, StoreError,
    conformance::{self, Subject},
};

struct Files {
    folder: TempDir,
    clock: ManualClock,
    count: Mutex<u32>,
}

impl Files {
    fn newest(&self) -> PathBuf {
        self.folder.path().join(self.count.lock().unwrap().to_string())
    }
}

#[async_trait]
impl Subject for Files {
    async fn fresh(&self) -> Result<Arc<dyn Store>, StoreError> {
        *self.count.lock().unwrap() += 1;
        Ok(Arc::new(RedbStore::open(self.newest(), self.clock.clone())?))
    }

    async fn turn_clock(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    async fn reopen(&self, store: Arc<dyn Store>) -> Result<Option<Arc<dyn Store>>, StoreError> {
        drop(store);
        Ok(Some(Arc::new(RedbStore::open(self.newest(), self.clock.clone())?)))
    }
}

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
async fn the_file_conforms() {
    let files = Files { folder: TempDir::new().unwrap(), clock: ManualClock::default(), count: Mutex::default() };
    let failures = conformance::run(&files).await;
    assert!(failures.is_empty(), "{failures:#?}");
}

#[tokio::test]
async fn memory_conforms() {
    let failures = conformance::run(&Memory(ManualClock::default())).await;
    assert!(failures.is_empty(), "{failures:#?}");
}

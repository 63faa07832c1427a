#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
#![expect(clippy::disallowed_methods, reason = "a test owns its files")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use ::redb::{Database, TableDefinition};
use async_trait::async_trait;
use jiff::SignedDuration;
use tempfile::TempDir;

use super::{RedbStore, open, tables};
use crate::{
    Batch, Expect, Key, Kind, ManualClock, Store, StoreError, TenantId,
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

#[tokio::test]
async fn the_file_conforms() {
    let files = Files { folder: TempDir::new().unwrap(), clock: ManualClock::default(), count: Mutex::default() };
    let failures = conformance::run(&files).await;
    assert!(failures.is_empty(), "{failures:#?}");
}

fn opened(path: &Path) -> Result<RedbStore, StoreError> {
    RedbStore::open(path, ManualClock::default())
}

fn refusal(path: &Path) -> StoreError {
    opened(path).map(drop).unwrap_err()
}

#[test]
fn a_store_is_held_by_one_handle_at_a_time() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store");
    let first = opened(&path).unwrap();
    let error = refusal(&path);
    assert!(matches!(error, StoreError::Held { .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("the store `{}` is held by another process", path.display()));
    drop(first);
    opened(&path).unwrap();
}

#[test]
fn a_file_of_something_else_is_refused_and_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store");
    let noise: Vec<u8> = (0..100_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let foreign: [&[u8]; 5] = [b"x", b"journey: not a store\n", &noise[..300], &noise, &[0; 8192]];
    for bytes in foreign {
        fs::write(&path, bytes).unwrap();
        let error = refusal(&path);
        assert!(matches!(error, StoreError::Foreign { .. }), "{} bytes: {error:?}", bytes.len());
        assert!(fs::read(&path).unwrap() == bytes, "{} bytes were changed", bytes.len());
    }
}

#[test]
fn a_database_of_somebody_else_is_foreign() {
    let folder = TempDir::new().unwrap();
    let (theirs, like_ours) = (folder.path().join("theirs"), folder.path().join("like-ours"));
    let write = |path: &Path, table: TableDefinition<'_, &str, u64>| {
        let database = Database::create(path).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction.open_table(table).unwrap().insert("a", 1).unwrap();
        transaction.commit().unwrap();
    };
    write(&theirs, TableDefinition::new("things"));
    write(&like_ours, TableDefinition::new("meta"));
    for path in [theirs, like_ours] {
        let error = refusal(&path);
        assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
    }
}

#[test]
fn another_format_is_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store");
    drop(opened(&path).unwrap());
    let database = Database::create(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    let next = (tables::FORMAT + 1).to_be_bytes();
    transaction.open_table(tables::META).unwrap().insert(tables::meta::FORMAT, next.as_slice()).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = refusal(&path);
    assert!(matches!(error, StoreError::Format { found: 2, known: 1, .. }), "{error:?}");
}

#[test]
fn an_empty_file_becomes_a_store_and_a_folder_does_not() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store");
    fs::write(&path, b"").unwrap();
    drop(opened(&path).unwrap());
    drop(opened(&path).unwrap());
    for path in [folder.path().to_owned(), folder.path().join("missing").join("store")] {
        let error = refusal(&path);
        assert!(matches!(error, StoreError::Io { .. }), "{error:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_new_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store");
    drop(opened(&path).unwrap());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn each_file_has_a_writer_of_its_own_and_keeps_it() {
    let folder = TempDir::new().unwrap();
    let writer = |name| {
        let backend = open::file(&folder.path().join(name)).unwrap();
        open::database(backend, folder.path()).unwrap().1
    };
    assert_eq!(writer("a"), writer("a"));
    assert_ne!(writer("a"), writer("b"));
}

#[tokio::test]
async fn dropping_a_store_finishes_what_has_queued() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store");
    let store = opened(&path).unwrap();
    let key = |index: u32| Key::new(&TenantId::default(), Kind::new("thing"), index.to_be_bytes());
    for index in 0..100 {
        let batch = Batch::new().put(key(index), Expect::Absent, vec![], None, None);
        // Polled once, the batch is queued; then its caller goes away.
        tokio::select! { biased; _ = store.commit(batch) => {}, () = std::future::ready(()) => {} }
    }
    drop(store);
    let store = opened(&path).unwrap();
    for index in 0..100 {
        assert!(store.get(&key(index)).await.unwrap().is_some(), "{index}");
    }
}

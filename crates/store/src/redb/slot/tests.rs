#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::{
    io,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use ::redb::StorageBackend;

use crate::{Batch, CommitError, Expect, Key, Kind, ManualClock, RedbStore, Store, StoreError, TenantId};

/// A disk that can fail, and that outlives the handles on it.
#[derive(Debug, Clone, Default)]
struct Disk {
    bytes: Arc<Mutex<Vec<u8>>>,
    broken: Arc<AtomicBool>,
}

impl Disk {
    fn check(&self) -> Result<(), io::Error> {
        if self.broken.load(Ordering::SeqCst) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, io::Error> {
        Ok(self.bytes.lock().unwrap().len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        let offset = usize::try_from(offset).unwrap();
        out.copy_from_slice(&self.bytes.lock().unwrap()[offset..offset + out.len()]);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.check()?;
        self.bytes.lock().unwrap().resize(usize::try_from(len).unwrap(), 0);
        Ok(())
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        self.check()
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        self.check()?;
        let offset = usize::try_from(offset).unwrap();
        self.bytes.lock().unwrap()[offset..offset + data.len()].copy_from_slice(data);
        Ok(())
    }
}

fn put(id: &str) -> Batch {
    Batch::new().put(key(id), Expect::Absent, vec![1], None, None).append(&TenantId::default(), "log", vec![1])
}

fn key(id: &str) -> Key {
    Key::new(&TenantId::default(), Kind::new("thing"), id)
}

/// R117, R120: while the disk fails nothing is acknowledged; once it works again so does the store, by itself, and what
/// was acknowledged before is there.
#[tokio::test]
async fn a_store_recovers_when_its_disk_does() {
    let disk = Disk::default();
    let again = disk.clone();
    let store = RedbStore::on(move || Ok(again.clone()), Path::new("disk"), ManualClock::default()).unwrap();
    for round in 0..3 {
        store.commit(put(&format!("before {round}"))).await.unwrap();
        disk.broken.store(true, Ordering::SeqCst);
        for attempt in 0..3 {
            let failed = store.commit(put(&format!("while {round} {attempt}"))).await;
            assert!(
                matches!(failed, Err(CommitError::Store(StoreError::Backend(_) | StoreError::Io { .. }))),
                "{failed:?}"
            );
        }
        assert!(store.get(&key("before 0")).await.is_err(), "no answer rather than a stale one");
        disk.broken.store(false, Ordering::SeqCst);
        store.commit(put(&format!("after {round}"))).await.unwrap();
        for id in ["before", "after"] {
            assert!(store.get(&key(&format!("{id} {round}"))).await.unwrap().is_some(), "{id} {round}");
        }
    }
    let sequences: Vec<_> = store
        .read_log(&TenantId::default(), "log", None, 99)
        .await
        .unwrap()
        .iter()
        .map(|entry| entry.sequence)
        .collect();
    assert_eq!(sequences, (1..=sequences.len() as u64).collect::<Vec<_>>());
}

//! A store whose file somebody altered: every answer is the true one or an error, never another value and never a panic.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
#![expect(clippy::disallowed_methods, reason = "a test owns its files")]

use std::{fs, path::Path, sync::Arc};

use tempfile::TempDir;
use wayfarer_store::{
    Batch, CommitError, Expect, Key, KeyRing, Kind, ManualClock, RedbStore, StoreError, TenantId, Vault,
};

const RECORDS: u8 = 20;
const ALTERATIONS: u64 = 120;

fn key(id: u8) -> Key {
    Key::new(&TenantId::default(), Kind::new("thing"), [id])
}

fn value(id: u8) -> Vec<u8> {
    vec![id; 300]
}

async fn fill(path: &Path, keys: &Arc<KeyRing>) -> Result<(), CommitError> {
    let store = RedbStore::open(path, ManualClock::default())?;
    let vault = Vault::open(Arc::new(store), Arc::clone(keys)).await?;
    for id in 0..RECORDS {
        let put = Batch::new().put(key(id), Expect::Absent, value(id), None, None);
        vault.commit(put.append(&TenantId::default(), "audit", value(id))).await?;
    }
    Ok(())
}

/// Reads everything, and says whether it is all there; an error is as good as the truth.
async fn read(path: &Path, keys: &Arc<KeyRing>) -> Result<bool, StoreError> {
    let store = RedbStore::open(path, ManualClock::default())?;
    let vault = Vault::open(Arc::new(store), Arc::clone(keys)).await?;
    let mut whole = true;
    for id in 0..RECORDS {
        // A row whose key was altered is not found; that no scheme without an anchor outside the file can tell.
        match vault.get(&key(id)).await? {
            Some(record) => assert_eq!(record.value, value(id)),
            None => whole = false,
        }
    }
    let verified = vault.verify_log(&TenantId::default(), "audit").await?;
    if verified.is_intact() {
        let entries = vault.read_log(&TenantId::default(), "audit", None, 100).await?;
        let payloads: Vec<_> = entries.into_iter().map(|entry| entry.payload).collect();
        assert_eq!(payloads, (0..RECORDS).map(value).collect::<Vec<_>>());
    }
    Ok(whole && verified.is_intact())
}

#[tokio::test]
async fn an_altered_file_never_gives_a_wrong_answer() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store");
    let keys = Arc::new(KeyRing::ephemeral().unwrap());
    fill(&path, &keys).await.unwrap();
    let good = fs::read(&path).unwrap();
    assert!(read(&path, &keys).await.unwrap());

    // Only bytes that say something, in an order without a pattern.
    let used: Vec<usize> = (0..good.len()).filter(|index| good[*index] != 0).collect();
    let mut noticed = 0;
    for round in 0..ALTERATIONS {
        let noise = round.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let at = used[usize::try_from(noise >> 24).unwrap() % used.len()];
        let mut bad = good.clone();
        bad[at] ^= 1 << (noise % 8);
        if round % 16 == 15 {
            bad.truncate(at);
        }
        fs::write(&path, bad).unwrap();
        noticed += u64::from(!read(&path, &keys).await.unwrap_or(false));
    }
    assert!(noticed > ALTERATIONS / 20, "only {noticed} alterations were noticed: the test alters the wrong bytes");
}

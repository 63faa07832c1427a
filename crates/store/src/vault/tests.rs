#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::Vault;
use crate::{
    Batch, CommitEnd, Expect, Key, KeyRing, Kind, ManualClock, MemoryStore, Record, RedbStore, Store, StoreError,
    TenantId, keys::Purpose, meddler::Meddler, seal,
};

const THING: Kind = Kind::new("thing");
const CANARY: &[u8] = b"canary 482913 sings";

fn key(id: &str) -> Key {
    Key::new(&TenantId::default(), THING, id)
}

fn put(id: &str, expect: Expect, value: &[u8]) -> Batch {
    Batch::new().put(key(id), expect, value.to_vec(), None, None)
}

fn is_sealed<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Sealed { what, tenant }) if what == "thing" && tenant == "default")
}

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new(ManualClock::default()).unwrap())
}

fn ring() -> Arc<KeyRing> {
    Arc::new(KeyRing::ephemeral().unwrap())
}

#[tokio::test]
async fn values_and_payloads_come_back_plain_and_lie_sealed() {
    let (store, of) = (memory(), TenantId::default());
    let vault = Vault::open(Arc::clone(&store), ring()).await.unwrap();
    let at = vault.now().await.unwrap() + SignedDuration::from_secs(60) + SignedDuration::from_nanos(1);
    let batch = Batch::new().put(key("a"), Expect::Absent, CANARY.to_vec(), Some(at), Some(at));
    vault.commit(batch.append(&of, "log", CANARY.to_vec())).await.unwrap();

    assert_eq!(vault.get(&key("a")).await.unwrap().unwrap().value, CANARY);
    assert_eq!(vault.scan(&of, THING, None, 9).await.unwrap().first().unwrap().1.value, CANARY);
    assert_eq!(vault.read_log(&of, "log", None, 9).await.unwrap().first().unwrap().payload, CANARY);
    let rows = [
        store.get(&key("a")).await.unwrap().unwrap().value,
        store.read_log(&of, "log", None, 9).await.unwrap().first().unwrap().payload.clone(),
    ];
    for row in rows {
        assert!(!row.windows(6).any(|window| CANARY.windows(6).any(|plain| plain == window)));
    }
}

/// R107: each of these is what somebody who writes to the file can do to a row.
#[tokio::test]
async fn a_row_that_was_altered_or_moved_does_not_open() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    let later = vault.now().await.unwrap() + SignedDuration::from_secs(60);
    vault.commit(put("b", Expect::Absent, b"other")).await.unwrap();
    let first = Batch::new().put(key("a"), Expect::Absent, CANARY.to_vec(), Some(later), Some(later));
    vault.commit(first.clone()).await.unwrap();
    let old = meddler.get(&key("a")).await.unwrap().unwrap();
    let again = Batch::new().put(key("a"), Expect::Version(1), b"new".to_vec(), Some(later), Some(later));
    vault.commit(again).await.unwrap();
    assert_eq!(vault.get(&key("a")).await.unwrap().unwrap().value, b"new");

    type Meddling = Box<dyn Fn(Record) -> Record + Send>;
    let (foreign, value) = (meddler.get(&key("b")).await.unwrap().unwrap().value, old.value.clone());
    let meddlings: Vec<(&str, Meddling)> = vec![
        (
            "a flipped bit",
            Box::new(|mut row| {
                *row.value.last_mut().unwrap() ^= 1;
                row
            }),
        ),
        ("the row of another key", Box::new(move |row| Record { value: foreign.clone(), ..row })),
        ("an old value under the new version", Box::new(move |row| Record { value: value.clone(), ..row })),
        ("another version", Box::new(|row| Record { version: row.version + 1, ..row })),
        ("a later expiry", Box::new(|row| Record { expires_at: Some(Timestamp::MAX), ..row })),
        ("no expiry", Box::new(|row| Record { expires_at: None, ..row })),
        ("another wake", Box::new(|row| Record { wake_at: None, ..row })),
        ("swapped moments", Box::new(|row| Record { expires_at: None, wake_at: row.expires_at, ..row })),
        ("an empty value", Box::new(|row| Record { value: Vec::new(), ..row })),
    ];
    for (what, meddling) in meddlings {
        meddler.forge_record(move |key, row| if key.id == b"a" { row.map(&meddling) } else { row });
        assert!(is_sealed(vault.get(&key("a")).await), "{what}");
        assert!(is_sealed(vault.scan(&TenantId::default(), THING, None, 9).await), "{what}, in a scan");
        assert_eq!(vault.get(&key("b")).await.unwrap().unwrap().value, b"other", "{what}: the row beside it");
    }
}

/// R111, R112: the sealed bytes of one tenant, kind or log are worth nothing in another.
#[tokio::test]
async fn sealed_bytes_open_under_no_other_name() {
    let store = memory();
    let vault = Vault::open(Arc::clone(&store), ring()).await.unwrap();
    let (mine, theirs) = (TenantId::default(), TenantId::new("theirs").unwrap());
    vault.commit(put("a", Expect::Absent, CANARY).append(&mine, "log", CANARY.to_vec())).await.unwrap();
    let row = store.get(&key("a")).await.unwrap().unwrap().value;
    for other in [Key::new(&theirs, THING, "a"), Key::new(&mine, Kind::new("thin"), "ga"), key("b")] {
        store.commit(Batch::new().put(other.clone(), Expect::Absent, row.clone(), None, None)).await.unwrap();
        assert!(matches!(vault.get(&other).await, Err(StoreError::Sealed { .. })), "{other:?}");
    }
    let entry = store.read_log(&mine, "log", None, 1).await.unwrap().pop().unwrap().payload;
    let moved = [(&theirs, "log", entry.clone()), (&mine, "gol", entry), (&mine, "mixed", row)];
    for (tenant, log, bytes) in moved {
        store.commit(Batch::new().append(tenant, log, bytes)).await.unwrap();
        assert!(matches!(vault.read_log(tenant, log, None, 9).await, Err(StoreError::Sealed { .. })), "{log}");
    }
}

#[tokio::test]
async fn a_store_of_other_keys_is_refused() {
    let (store, keys) = (memory(), ring());
    Vault::open(Arc::clone(&store), Arc::clone(&keys)).await.unwrap();
    Vault::open(Arc::clone(&store), Arc::clone(&keys)).await.unwrap();
    let error = Vault::open(Arc::clone(&store), ring()).await.unwrap_err();
    assert_eq!(error.to_string(), "this store was made with another key");

    // A ring whose seal key is right, but by whose lookup key nobody would be found.
    let mixed = keys.with_lookup_of(&KeyRing::ephemeral().unwrap());
    assert!(matches!(Vault::open(store, Arc::new(mixed)).await, Err(StoreError::WrongKey)));
}

/// R108: rotation loses nothing, what is written again bears the new key, and then the old one can go.
#[tokio::test]
async fn keys_rotate_and_retire_without_loss() {
    let (store, first) = (memory(), ring());
    let second = Arc::new(first.rotated(Purpose::Seal, Timestamp::UNIX_EPOCH).unwrap());
    let old = first.of(Purpose::Seal).active().id();
    let before = Vault::open(Arc::clone(&store), first).await.unwrap();
    before.commit(put("a", Expect::Absent, CANARY)).await.unwrap();
    let vault = Vault::open(Arc::clone(&store), Arc::clone(&second)).await.unwrap();
    assert_eq!(vault.get(&key("a")).await.unwrap().unwrap().value, CANARY);
    vault.commit(put("a", Expect::Version(1), CANARY)).await.unwrap();
    let newest = second.of(Purpose::Seal).active().id();
    assert_eq!(seal::key_id(&store.get(&key("a")).await.unwrap().unwrap().value), Some(newest));

    let vault = Vault::open(store, Arc::new(second.retired(old).unwrap())).await.unwrap();
    assert_eq!(vault.get(&key("a")).await.unwrap().unwrap().value, CANARY);
}

#[tokio::test]
async fn nodes_that_open_a_new_store_at_once_all_succeed() {
    let (store, keys) = (memory(), ring());
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        tasks.spawn(Vault::open(Arc::clone(&store), Arc::clone(&keys)));
    }
    while let Some(opened) = tasks.join_next().await {
        opened.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_lookup_key_depends_on_everything_and_tells_nothing() {
    let (vault, other) = (Vault::open(memory(), ring()).await.unwrap(), Vault::open(memory(), ring()).await.unwrap());
    let (mine, theirs) = (TenantId::default(), TenantId::new("theirs").unwrap());
    let lookup = vault.lookup(&mine, THING, "ann@example.com");
    assert_eq!(vault.lookup(&mine, THING, "ann@example.com"), lookup);
    assert_ne!(vault.lookup(&mine, THING, "ann@example.org"), lookup);
    assert_ne!(vault.lookup(&mine, Kind::new("other"), "ann@example.com"), lookup);
    assert_ne!(vault.lookup(&theirs, THING, "ann@example.com"), lookup);
    assert_ne!(other.lookup(&mine, THING, "ann@example.com"), lookup, "another installation");
    assert_eq!(lookup.len(), 32);
}

/// R105, R106: a tag holds with its own parts only, also after its key was rotated.
#[tokio::test]
async fn a_tag_matches_its_parts_with_any_key_of_the_ring() {
    let (store, keys) = (memory(), ring());
    let vault = Vault::open(Arc::clone(&store), Arc::clone(&keys)).await.unwrap();
    let tag = vault.mac("temp code", &[b"user", b"482913"]);
    assert!(vault.mac_matches("temp code", &[b"user", b"482913"], &tag));
    assert!(!vault.mac_matches("temp code", &[b"user4", b"82913"], &tag));
    assert!(!vault.mac_matches("temp code", &[b"user", b"482914"], &tag));
    assert!(!vault.mac_matches("otp", &[b"user", b"482913"], &tag));
    assert!(!vault.mac_matches("temp code", &[b"user", b"482913"], tag.get(..31).unwrap()));
    let rotated = keys.rotated(Purpose::Tag, Timestamp::UNIX_EPOCH).unwrap();
    let vault = Vault::open(store, Arc::new(rotated)).await.unwrap();
    assert_ne!(vault.mac("temp code", &[b"user", b"482913"]), tag);
    assert!(vault.mac_matches("temp code", &[b"user", b"482913"], &tag));
}

/// No secret on disk in the clear: neither while the store is open nor after.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test looks at the file itself")]
async fn nothing_is_on_disk_in_the_clear() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("store");
    let (of, keys) = (TenantId::default(), ring());
    let store: Arc<dyn Store> = Arc::new(RedbStore::open(&path, ManualClock::default()).unwrap());
    let vault = Vault::open(store, Arc::clone(&keys)).await.unwrap();
    let found_by = Key::new(&of, THING, vault.lookup(&of, THING, "canary@example.com"));
    let batch = Batch::new().put(found_by, Expect::Absent, CANARY.to_vec(), None, None);
    vault.commit(batch.append(&of, "log", CANARY.to_vec())).await.unwrap();
    let look = || {
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"canary"), "the canary is on disk");
        assert!(bytes.windows(5).any(|window| window == b"thing"), "the test looks in the wrong place");
        for key in keys.iter() {
            assert!(!bytes.windows(16).any(|window| key.secret().starts_with(window)), "a key is on disk");
        }
    };
    look();
    drop(vault);
    look();
}

#[tokio::test]
async fn whoever_watches_is_told_how_each_commit_ends_in_every_clone() {
    let told = Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let vault = Vault::open(memory(), ring()).await.unwrap().watched(move |end| heard.lock().unwrap().push(end));
    let put = || Batch::new().put(key("a"), Expect::Absent, b"a".to_vec(), None, None);
    vault.commit(put()).await.unwrap();
    vault.clone().commit(put()).await.unwrap_err();
    vault.commit(put().delete(key("a"), Expect::Absent)).await.unwrap_err();
    assert_eq!(*told.lock().unwrap(), [CommitEnd::Written, CommitEnd::Conflict, CommitEnd::Failed]);
}

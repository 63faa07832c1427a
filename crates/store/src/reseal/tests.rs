#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use jiff::SignedDuration;
use tokio::task::JoinSet;

use super::*;
use crate::{Expect, KeyRing, Kind, ManualClock, MemoryStore, Store, sweep};

const THING: Kind = Kind::new("thing");

fn key(id: &str) -> Key {
    Key::new(&TenantId::default(), THING, id)
}

async fn vault() -> (Arc<dyn Store>, Vault) {
    on(ManualClock::default()).await
}

async fn on(clock: ManualClock) -> (Arc<dyn Store>, Vault) {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock).unwrap());
    let vault = Vault::open(store.clone(), Arc::new(KeyRing::ephemeral().unwrap())).await.unwrap();
    (store, vault)
}

async fn rotate(vault: &Vault, purpose: Purpose) -> KeyId {
    let before = vault.keys().of(purpose).active().id();
    let ring = vault.keys().rotated(purpose, vault.now().await.unwrap()).unwrap();
    vault.use_keys(Arc::new(ring), &[]).unwrap();
    before
}

async fn put(vault: &Vault, id: &str, value: &[u8]) {
    vault.commit(Batch::new().put(key(id), Expect::Absent, value.to_vec(), None, None)).await.unwrap();
}

#[tokio::test]
async fn r108_new_values_bear_the_new_key_at_once_and_the_sweep_seals_the_others_anew() {
    let (store, vault) = vault().await;
    for number in 0..600 {
        put(&vault, &format!("old {number}"), b"old").await;
    }
    let (clone, old) = (vault.clone(), rotate(&vault, Purpose::Seal).await);
    put(&clone, "new", b"new").await;
    let counted = census(&vault).await.unwrap();
    let new = vault.keys().of(Purpose::Seal).active().id();
    // The mark of the vault bears the old key as well.
    assert_eq!((counted.records.get(&old), counted.records.get(&new)), (Some(&601), Some(&1)));

    let now = vault.now().await.unwrap();
    let first = sweep(&vault, now, 256).await.unwrap().resealed;
    assert!((1..=256).contains(&first), "{first} in one pass");
    while sweep(&vault, now, 256).await.unwrap().resealed > 0 {}
    assert_eq!(census(&vault).await.unwrap().records.get(&old), None);

    let retired = vault.keys().retired(old).unwrap();
    vault.use_keys(Arc::new(retired), &[old]).unwrap();
    assert_eq!(vault.get(&key("old 599")).await.unwrap().unwrap().value, b"old");
    let again = Vault::open(store, vault.keys()).await.unwrap();
    assert_eq!(again.get(&key("old 0")).await.unwrap().unwrap().version, 1);
}

#[tokio::test]
async fn keys_of_another_store_and_rings_without_a_key_are_refused() {
    let (_, vault) = vault().await;
    let old = rotate(&vault, Purpose::Seal).await;
    let other = Arc::new(KeyRing::ephemeral().unwrap());
    assert!(matches!(vault.use_keys(other, &[]), Err(crate::KeyError::OtherStore)));
    let without = Arc::new(vault.keys().retired(old).unwrap());
    let missing = vault.use_keys(without.clone(), &[]);
    assert!(matches!(missing, Err(crate::KeyError::Missing { id, purpose: Purpose::Seal }) if id == old));
    assert!(vault.keys().of(Purpose::Seal).find(old).is_some(), "what was refused changes nothing");
    vault.use_keys(without, &[old]).unwrap();
}

#[tokio::test]
async fn entries_keep_their_key_and_segments_are_counted_by_theirs() {
    let (_, vault) = vault().await;
    let tenant = TenantId::default();
    vault.commit(Batch::new().append(&tenant, "audit", b"one".to_vec())).await.unwrap();
    sweep(&vault, vault.now().await.unwrap(), 9).await.unwrap();
    let (seal, audit) = (rotate(&vault, Purpose::Seal).await, rotate(&vault, Purpose::Audit).await);
    vault.commit(Batch::new().append(&tenant, "audit", b"two".to_vec())).await.unwrap();
    sweep(&vault, vault.now().await.unwrap(), 9).await.unwrap();
    reseal_all(&vault).await.unwrap();
    let counted = census(&vault).await.unwrap();
    assert_eq!((counted.entries.get(&seal), counted.entries.len()), (Some(&1), 2));
    assert_eq!((counted.segments.get(&audit), counted.segments.len()), (Some(&1), 2));
    assert_eq!((counted.records.get(&seal), counted.tenants.len()), (None, 1));
    assert!(vault.verify_log(&tenant, "audit").await.unwrap().findings.is_empty());
    assert_eq!(vault.read_log(&tenant, "audit", None, 9).await.unwrap().len(), 2);
}

/// R108: rotated every few seconds of virtual time while sixteen callers read and write; nothing is refused, nothing lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn r108_rotation_under_load_refuses_nothing_and_loses_nothing() {
    let clock = ManualClock::default();
    let (_, vault) = on(clock.clone()).await;
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut callers = JoinSet::new();
    for caller in 0..16 {
        let (vault, stop, written) = (vault.clone(), stop.clone(), written.clone());
        callers.spawn(async move {
            let id = format!("counter {caller}");
            put(&vault, &id, &0u64.to_be_bytes()).await;
            let mut writes = 0_u64;
            while !stop.load(Ordering::SeqCst) {
                let record = vault.get(&key(&id)).await.unwrap().unwrap();
                tokio::task::yield_now().await;
                let next = u64::from_be_bytes(record.value.try_into().unwrap()) + 1;
                let expect = Expect::Version(record.version);
                // Nobody else writes it, so a reseal must not be in the way.
                vault
                    .commit(Batch::new().put(key(&id), expect, next.to_be_bytes().to_vec(), None, None))
                    .await
                    .unwrap();
                writes += 1;
                written.fetch_add(1, Ordering::SeqCst);
            }
            (id, writes)
        });
    }
    let mut old = Vec::new();
    for _ in 0..20 {
        clock.advance(SignedDuration::from_secs(3));
        old.push(rotate(&vault, Purpose::Seal).await);
        rotate(&vault, Purpose::Tag).await;
        // Each key is used by some writes before the next one comes, and the sweep runs among them.
        let goal = written.load(Ordering::SeqCst) + 100;
        while written.load(Ordering::SeqCst) < goal {
            sweep(&vault, vault.now().await.unwrap(), 256).await.unwrap();
            assert!(callers.try_join_next().is_none(), "a caller was refused");
            tokio::task::yield_now().await;
        }
    }
    stop.store(true, Ordering::SeqCst);
    let mut expected = Vec::new();
    while let Some(caller) = callers.join_next().await {
        let (id, writes) = caller.unwrap();
        expected.push((id, writes));
    }
    reseal_all(&vault).await.unwrap();
    let borne = census(&vault).await.unwrap();
    let mut ring = (*vault.keys()).clone();
    for id in &old {
        assert_eq!(borne.records.get(id), None);
        ring = ring.retired(*id).unwrap();
    }
    vault.use_keys(Arc::new(ring), &old).unwrap();
    for (id, writes) in expected {
        let record = vault.get(&key(&id)).await.unwrap().unwrap();
        assert_eq!((record.version, record.value), (writes + 1, writes.to_be_bytes().to_vec()));
    }
}

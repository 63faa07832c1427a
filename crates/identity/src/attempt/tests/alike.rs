//! To a client all refusals look alike, and so does the work behind them (R38, R39).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use wayfarer_step::Refusal;
use wayfarer_store::{
    Batch, CommitError, Committed, Due, Entry, Head, Key, KeyRing, Kind, ManualClock, MemoryStore, Record, Store,
    StoreError, TenantId,
};

use crate::fixture::{Fixture, Tried, wrong};
use crate::{Applications, UserRef};

/// Counts the calls that cost time.
struct Counting {
    inner: MemoryStore,
    gets: AtomicUsize,
    commits: AtomicUsize,
}

#[async_trait]
impl Store for Counting {
    async fn now(&self) -> Result<Timestamp, StoreError> {
        self.inner.now().await
    }

    async fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.gets.fetch_add(1, Ordering::SeqCst);
        self.inner.get(key).await
    }

    async fn scan(
        &self,
        tenant: &TenantId,
        kind: Kind,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Record)>, StoreError> {
        self.inner.scan(tenant, kind, after, limit).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        self.commits.fetch_add(1, Ordering::SeqCst);
        self.inner.commit(batch).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.inner.due(now, limit).await
    }

    async fn read_log(
        &self,
        tenant: &TenantId,
        log: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.inner.read_log(tenant, log, after, limit).await
    }

    async fn heads(&self, tenant: &TenantId, log: &str) -> Result<Vec<Head>, StoreError> {
        self.inner.heads(tenant, log).await
    }

    async fn logs(
        &self,
        after: Option<(&TenantId, &str)>,
        limit: usize,
    ) -> Result<Vec<(TenantId, String)>, StoreError> {
        self.inner.logs(after, limit).await
    }
}

#[tokio::test]
async fn r39_every_kind_of_attempt_does_the_same_work_in_the_store() {
    let clock = ManualClock::default();
    let inner = MemoryStore::new(clock.clone()).unwrap();
    let store = Arc::new(Counting { inner, gets: AtomicUsize::new(0), commits: AtomicUsize::new(0) });
    let keys = Arc::new(KeyRing::ephemeral().unwrap());
    let f = Fixture::over(store.clone(), keys, clock, Applications::default()).await;

    for user in ["wrong", "none", "expired", "used", "revoked", "locked", "disabled"] {
        f.user(user).await;
    }
    let code = f.issue("wrong").await;
    let guess = wrong(&code);
    let used = f.issue("used").await;
    assert_eq!(f.attempt("used", used.code.expose()).await, Tried::Verified);
    f.issue("revoked").await;
    f.identity.revoke_code(&f.tenant, &f.support, &UserRef::id("revoked").unwrap()).await.unwrap();
    let locked = f.issue("locked").await;
    for _ in 0..3 {
        f.attempt("locked", &wrong(&locked)).await;
    }
    f.identity.disable_user(&f.tenant, &f.support, &UserRef::id("disabled").unwrap()).await.unwrap();
    f.issue_for("expired", 60).await;
    f.advance(60);

    let states = [
        ("wrong", Refusal::Wrong),
        ("nobody", Refusal::UnknownUser),
        ("not\u{0}even a name", Refusal::UnknownUser),
        ("none", Refusal::NoCode),
        ("expired", Refusal::Expired),
        ("used", Refusal::NoCode),
        ("revoked", Refusal::NoCode),
        ("locked", Refusal::Locked),
        ("disabled", Refusal::Disabled),
    ];
    for (user, refusal) in states {
        let before = (store.gets.load(Ordering::SeqCst), store.commits.load(Ordering::SeqCst));
        let claim = Fixture::claim(user, &guess);
        let count = f.identity.ledger().count(&f.scope(), &claim).await.unwrap();
        let after = (store.gets.load(Ordering::SeqCst), store.commits.load(Ordering::SeqCst));
        assert_eq!((after.0 - before.0, after.1 - before.1), (4, 1), "{user}");
        match count {
            wayfarer_step::port::Count::Open(_) => assert_eq!(refusal, Refusal::Wrong, "{user}"),
            wayfarer_step::port::Count::Closed(found) => assert_eq!(found, refusal, "{user}"),
        }
    }
}

//! Plain records and log payloads come in, sealed ones go to the store; and back.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use arc_swap::ArcSwap;
use aws_lc_rs::{constant_time, hmac};
use jiff::Timestamp;

use crate::{
    batch::{Batch, Expect, Operation},
    error::{CommitError, KeyError, StoreError},
    frame,
    keys::{KeyId, KeyRing, Purpose, SecretKey},
    log::Entry,
    record::{Due, Key, Kind, Record, TenantId},
    reseal::Progress,
    seal::{self, Ciphers, Place},
    store::{Committed, Store},
    watch::{CommitEnd, Watch},
};

/// The door to a store for everything above it: the same calls, with every value and payload sealed (R107).
///
/// Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    store: Arc<dyn Store>,
    keys: Arc<ArcSwap<KeyRing>>,
    ciphers: Arc<Ciphers>,
    pub(crate) resealing: Arc<Mutex<Progress>>,
    pub(crate) watch: Watch,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("keys", &self.keys()).finish_non_exhaustive()
    }
}

/// Where the mark sits: a sealed record by which a wrong key is known at once.
const MARK: Kind = Kind::new("key-mark");

impl Vault {
    /// Opens the store with these keys; a new store is marked as theirs.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if the store was made with other keys.
    pub async fn open(store: Arc<dyn Store>, keys: Arc<KeyRing>) -> Result<Self, StoreError> {
        let keys = Arc::new(ArcSwap::new(keys));
        let vault = Self { store, keys, ciphers: Arc::default(), resealing: Arc::default(), watch: Watch::default() };
        let key = Key::new(&TenantId::system(), MARK, "seal");
        // The lookup key stays for the store's life, so what it makes of a fixed text tells whether it is the same one.
        let mark = vault.lookup(&TenantId::system(), MARK, "seal");
        let (expect, resealed) = match vault.store.get(&key).await? {
            None => (Expect::Absent, true),
            Some(record) => {
                let plain = vault.open_record(&key, &record).ok_or(StoreError::WrongKey)?;
                if plain != mark {
                    return Err(StoreError::WrongKey);
                }
                let newest = vault.keys().of(Purpose::Seal).active().id();
                (Expect::Version(record.version), seal::key_id(&record.value) != Some(newest))
            }
        };
        if resealed {
            match vault.commit(Batch::new().put(key.clone(), expect, mark.clone(), None, None)).await {
                Ok(_) => {}
                Err(CommitError::Store(error)) => return Err(error),
                // Another node marked it meanwhile; it must have been with the same keys.
                Err(CommitError::Conflict { .. }) => {
                    let record = vault.store.get(&key).await?.ok_or(StoreError::WrongKey)?;
                    vault.open_record(&key, &record).filter(|plain| *plain == mark).ok_or(StoreError::WrongKey)?;
                }
            }
        }
        Ok(vault)
    }

    /// The same, and this is told how each commit ends that is made from here on, here and in clones. It must not wait.
    #[must_use]
    pub fn watched(self, told: impl Fn(CommitEnd) + Send + Sync + 'static) -> Self {
        Self { watch: Watch::new(told), ..self }
    }

    /// The keys that are in use now.
    #[must_use]
    pub fn keys(&self) -> Arc<KeyRing> {
        self.keys.load_full()
    }

    /// From now on uses these keys, in every clone, without anybody waiting: what is written from here on is sealed and
    /// tagged by the newest ones (R108). They must hold every key that is in use now, but for those of `retired`, which the
    /// caller knows to be borne by nothing.
    ///
    /// # Errors
    /// [`KeyError::OtherStore`] for another lookup key, [`KeyError::Missing`] for a ring without one of the keys.
    pub fn use_keys(&self, ring: Arc<KeyRing>, retired: &[KeyId]) -> Result<(), KeyError> {
        let now = self.keys();
        if !ring.of(Purpose::Lookup).active().is(now.of(Purpose::Lookup).active()) {
            return Err(KeyError::OtherStore);
        }
        let missing = |key: &&SecretKey| {
            let there = ring.of(key.purpose()).find(key.id()).is_some_and(|there| there.is(key));
            !there && !retired.contains(&key.id())
        };
        if let Some(key) = now.iter().find(missing) {
            return Err(KeyError::Missing { id: key.id(), purpose: key.purpose() });
        }
        self.keys.store(ring);
        Ok(())
    }

    /// See [`Store::now`].
    ///
    /// # Errors
    /// Those of the store.
    pub async fn now(&self) -> Result<Timestamp, StoreError> {
        self.store.now().await
    }

    /// See [`Store::get`].
    ///
    /// # Errors
    /// [`StoreError::Sealed`] if the record was altered or moved, and those of the store.
    pub async fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.store.get(key).await?.map(|record| self.unseal(key, &record)).transpose()
    }

    /// See [`Store::scan`].
    ///
    /// # Errors
    /// [`StoreError::Sealed`] if one of the records was altered or moved, and those of the store.
    pub async fn scan(
        &self,
        tenant: &TenantId,
        kind: Kind,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Record)>, StoreError> {
        let open = |(id, record): (Vec<u8>, Record)| {
            let key = Key::new(tenant, kind, id);
            let record = self.unseal(&key, &record)?;
            Ok((key.id, record))
        };
        self.store.scan(tenant, kind, after, limit).await?.into_iter().map(open).collect()
    }

    /// See [`Store::commit`].
    ///
    /// # Errors
    /// Those of the store.
    pub async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        self.watch.tell(self.seal_and_commit(batch).await)
    }

    async fn seal_and_commit(&self, mut batch: Batch) -> Result<Committed, CommitError> {
        batch.validate()?;
        let ring = self.keys();
        let keys = ring.of(Purpose::Seal);
        for operation in &mut batch.operations {
            if let Operation::Put { key, expect, value, expires_at, wake_at } = operation {
                let times = Times::of(*expires_at, *wake_at);
                let version = expect.next_version().to_be_bytes();
                let parts = record_place(key, &version, &times);
                *value = self.ciphers.seal(keys, &place(&key.tenant, RECORD, &parts), std::mem::take(value))?;
            }
        }
        for append in &mut batch.appends {
            let payload = std::mem::take(&mut append.payload);
            append.payload =
                self.ciphers.seal(keys, &place(&append.tenant, ENTRY, &[append.log.as_bytes()]), payload)?;
        }
        self.store.commit(batch).await
    }

    /// See [`Store::due`].
    ///
    /// # Errors
    /// Those of the store.
    pub async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.store.due(now, limit).await
    }

    /// See [`Store::read_log`].
    ///
    /// # Errors
    /// [`StoreError::Sealed`] if one of the payloads was altered or comes from another log, and those of the store. The
    /// chain is not judged here: see [`verify_log`](Self::verify_log).
    pub async fn read_log(
        &self,
        tenant: &TenantId,
        log: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.store.read_log(tenant, log, after, limit).await?;
        for entry in &mut entries {
            let plain = self.open_payload(tenant, log, &entry.payload);
            entry.payload =
                plain.ok_or_else(|| StoreError::Sealed { what: log.to_owned(), tenant: tenant.to_string() })?;
        }
        Ok(entries)
    }

    /// A keyed hash of a person's identifier, or of another name that nobody else should read, already normalised: the id of
    /// a record that is found by it. Nobody without the key can tell what it stands for.
    #[must_use]
    pub fn lookup(&self, tenant: &TenantId, kind: Kind, normalised: impl AsRef<[u8]>) -> Vec<u8> {
        let parts = [tenant.as_str().as_bytes(), kind.as_str().as_bytes(), normalised.as_ref()];
        mac(self.keys.load().of(Purpose::Lookup).active(), "lookup", &parts).to_vec()
    }

    /// HMAC-SHA-256 over the length-prefixed `parts`, for tags of codes and other short secrets (R105, R106); `purpose`
    /// keeps tags of different uses apart.
    #[must_use]
    pub fn mac(&self, purpose: &'static str, parts: &[&[u8]]) -> [u8; 32] {
        mac(self.keys.load().of(Purpose::Tag).active(), purpose, parts)
    }

    /// Whether [`mac`](Self::mac), with the active or an older key, gives `tag`; the comparison takes the same time
    /// whatever the tag.
    #[must_use]
    pub fn mac_matches(&self, purpose: &'static str, parts: &[&[u8]], tag: &[u8]) -> bool {
        let matches = |key| constant_time::verify_slices_are_equal(&mac(key, purpose, parts), tag).is_ok();
        // Every key is tried, so that the time does not tell which one it was.
        self.keys.load().of(Purpose::Tag).iter().fold(false, |found, key| found | matches(key))
    }

    /// Seals what somebody else keeps for us and shows again. It opens for the same tenant, purpose and parts, and for
    /// nothing else.
    ///
    /// # Errors
    /// [`StoreError::Seal`] if the cipher fails.
    pub fn seal_away(
        &self,
        tenant: &TenantId,
        purpose: &'static str,
        parts: &[&[u8]],
        plain: Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        let parts = [&[purpose.as_bytes()], parts].concat();
        self.ciphers.seal(self.keys.load().of(Purpose::Seal), &place(tenant, AWAY, &parts), plain)
    }

    /// Opens what [`seal_away`](Self::seal_away) made, with the active or an older key; nothing for anything else.
    #[must_use]
    pub fn open_away(
        &self,
        tenant: &TenantId,
        purpose: &'static str,
        parts: &[&[u8]],
        sealed: &[u8],
    ) -> Option<Vec<u8>> {
        let parts = [&[purpose.as_bytes()], parts].concat();
        self.ciphers.open(self.keys.load().of(Purpose::Seal), &place(tenant, AWAY, &parts), sealed)
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    pub(crate) fn open_payload(&self, tenant: &TenantId, log: &str, payload: &[u8]) -> Option<Vec<u8>> {
        self.ciphers.open(self.keys.load().of(Purpose::Seal), &place(tenant, ENTRY, &[log.as_bytes()]), payload)
    }

    /// The same value under the newest key, for the same version and moments.
    pub(crate) fn sealed_anew(&self, key: &Key, record: &Record) -> Result<Vec<u8>, StoreError> {
        let plain = self.unseal(key, record)?;
        let times = Times::of(record.expires_at, record.wake_at);
        let version = record.version.to_be_bytes();
        let parts = record_place(key, &version, &times);
        self.ciphers.seal(self.keys.load().of(Purpose::Seal), &place(&key.tenant, RECORD, &parts), plain.value)
    }

    fn unseal(&self, key: &Key, record: &Record) -> Result<Record, StoreError> {
        let sealed = || StoreError::Sealed { what: key.kind.to_string(), tenant: key.tenant.to_string() };
        let value = self.open_record(key, record).ok_or_else(sealed)?;
        Ok(Record { value, version: record.version, expires_at: record.expires_at, wake_at: record.wake_at })
    }

    pub(crate) fn open_record(&self, key: &Key, record: &Record) -> Option<Vec<u8>> {
        let times = Times::of(record.expires_at, record.wake_at);
        let version = record.version.to_be_bytes();
        let parts = record_place(key, &version, &times);
        self.ciphers.open(self.keys.load().of(Purpose::Seal), &place(&key.tenant, RECORD, &parts), &record.value)
    }
}

const RECORD: &str = "record";
const ENTRY: &str = "entry";
const AWAY: &str = "away";

fn place<'a>(tenant: &'a TenantId, domain: &'static str, parts: &'a [&'a [u8]]) -> Place<'a> {
    Place { tenant, domain, parts }
}

/// What a record's value must not be separated from. Its times are among it: a later expiry does not open.
fn record_place<'a>(key: &'a Key, version: &'a [u8], times: &'a Times) -> [&'a [u8]; 5] {
    [key.kind.as_str().as_bytes(), &key.id, version, &times.expires_at, &times.wake_at]
}

/// A record's moments as bytes; no bytes for none.
struct Times {
    expires_at: Vec<u8>,
    wake_at: Vec<u8>,
}

impl Times {
    fn of(expires_at: Option<Timestamp>, wake_at: Option<Timestamp>) -> Self {
        let bytes = |at: Option<Timestamp>| at.map(|at| at.as_microsecond().to_be_bytes().to_vec()).unwrap_or_default();
        Self { expires_at: bytes(expires_at), wake_at: bytes(wake_at) }
    }
}

/// A keyed hash over the domain and the parts, each length-prefixed.
pub(crate) fn mac(key: &SecretKey, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.secret()));
    for part in std::iter::once(domain.as_bytes()).chain(parts.iter().copied()) {
        context.update(&frame::length(part));
        context.update(part);
    }
    let mut tag = [0; 32];
    tag.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
    tag
}

#[cfg(test)]
mod tests;

//! A ring of keys comes in; it is in use, recorded, and what still needs its older keys goes out (R77, R108).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use wayfarer_step::{Actor, Fact, Write};
use wayfarer_store::keys::{KeyState, Purpose};
use wayfarer_store::{KeyError, KeyId, KeyRing, TenantId, census, reseal_all};

use crate::client::Client;
use crate::code::CodeRecord;
use crate::record::{Loaded, Outcome, Stored, TRIES, decode, kind};
use crate::token::Signer;
use crate::{Identity, IdentityError};

/// For so long an older key stays after a newer one took its place: longer than any token, run or answer lives, and than
/// others remember a key set (R77).
pub const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// A key and what still needs it; never its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its public name.
    pub id: KeyId,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether it makes new values, or only opens what it has made.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a newer one took its place.
    pub superseded_at: Option<Timestamp>,
    /// How many records, entries of logs, live codes or client secrets bear it.
    pub borne: u64,
    /// From when on it can be retired, if nothing bears it by then.
    pub overlap_ends_at: Option<Timestamp>,
}

/// Which keys the store has been used with, so that each change is on record once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Noted {
    /// Ids by purpose, the active one first.
    keys: BTreeMap<String, Vec<String>>,
}

impl Stored for Noted {
    const KIND: &'static str = "keys";
    const FORMAT: u8 = 1;
}

impl Identity {
    /// Every key, and what still needs it. The whole store is counted.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn key_infos(&self) -> Result<Vec<KeyInfo>, IdentityError> {
        let ring = self.vault().keys();
        let borne = self.borne().await?;
        let info = |key: &wayfarer_store::keys::SecretKey| {
            let superseded_at = ring.of(key.purpose()).superseded_at(key.id());
            KeyInfo {
                id: key.id(),
                purpose: key.purpose(),
                state: key.state(),
                created_at: key.created_at(),
                superseded_at,
                borne: borne.get(&key.id()).copied().unwrap_or_default(),
                overlap_ends_at: superseded_at.and_then(|at| at.checked_add(OVERLAP).ok()),
            }
        };
        Ok(ring.iter().map(info).collect())
    }

    /// From now on these keys are in use, everywhere and without anybody waiting; the change is on record. A key that is in
    /// use now may be missing only if it [can be retired](Self::check_retirable).
    ///
    /// # Errors
    /// For keys of another store or that cannot be used, and when a key is missing that is still needed: nothing changes
    /// then. When the store fails, the keys are in use, and it is recorded by the next call.
    pub async fn adopt_keys(&self, tenant: &TenantId, actor: &Actor, ring: KeyRing) -> Result<(), IdentityError> {
        let ring = Arc::new(ring);
        Signer::new(ring.clone())?;
        let missing: Vec<_> = self.vault().keys().iter().map(|key| (key.purpose(), key.id())).collect();
        let missing = missing.into_iter().filter(|(purpose, id)| ring.of(*purpose).find(*id).is_none());
        let missing: Vec<KeyId> = missing.map(|(_, id)| id).collect();
        for id in &missing {
            self.check_retirable(*id).await?;
        }
        // Where nobody has noted keys before, the change could not be told from what was there.
        self.note_keys(tenant, actor).await?;
        self.vault().use_keys(ring, &missing)?;
        self.note_keys(tenant, actor).await
    }

    /// Whether nothing needs the key any more: a newer one took its place an [`OVERLAP`] ago, and nothing bears it. What can
    /// be sealed anew is.
    ///
    /// # Errors
    /// [`IdentityError::KeyInUse`] if something does, [`KeyError::NotRetirable`] for an active or unknown key, and when the
    /// store fails.
    pub async fn check_retirable(&self, id: KeyId) -> Result<(), IdentityError> {
        let ring = self.vault().keys();
        let key = ring.iter().find(|key| key.id() == id).ok_or(KeyError::NotRetirable)?;
        let superseded_at = ring.of(key.purpose()).superseded_at(id).ok_or(KeyError::NotRetirable)?;
        let in_use = |reason: String| Err(IdentityError::KeyInUse { id, reason });
        let until = superseded_at.checked_add(OVERLAP).unwrap_or(Timestamp::MAX);
        if self.vault().now().await? < until {
            return in_use(format!("others may still rely on it until {until:.0}"));
        }
        if key.purpose() == Purpose::Seal {
            reseal_all(self.vault()).await?;
        }
        match self.borne().await?.get(&id) {
            Some(number) => in_use(format!("{number} records or entries bear it")),
            None => Ok(()),
        }
    }

    /// Puts on record which keys are in use, if that has changed since the last call.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_keys(&self, tenant: &TenantId, actor: &Actor) -> Result<(), IdentityError> {
        for _ in 0..TRIES {
            let ring = self.vault().keys();
            let ids = |purpose| ring.of(purpose).iter().map(|key| key.id().to_string()).collect();
            let now = Noted { keys: Purpose::ALL.map(|purpose| (purpose.to_string(), ids(purpose))).into() };
            let loaded = Loaded::<Noted>::read(self.vault(), tenant, b"ring".to_vec()).await?;
            if loaded.value.as_ref() == Some(&now) {
                return Ok(());
            }
            let mut writes = vec![loaded.put(&now, None)?];
            if let Some(before) = &loaded.value {
                writes.extend(changes(before, &now, actor).into_iter().map(Write::Record));
            }
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(());
            }
        }
        Err(IdentityError::Busy)
    }

    /// What bears each key, over all tenants.
    async fn borne(&self) -> Result<BTreeMap<KeyId, u64>, IdentityError> {
        let counted = census(self.vault()).await?;
        let mut borne = BTreeMap::new();
        for (id, number) in counted.records.iter().chain(&counted.entries).chain(&counted.segments) {
            *borne.entry(*id).or_default() += number;
        }
        let now = self.vault().now().await?;
        let mut count = |id: &str| {
            if let Some(id) = KeyId::parse(id) {
                *borne.entry(id).or_default() += 1;
            }
        };
        for tenant in &counted.tenants {
            self.each::<CodeRecord>(tenant, |code| {
                if code.is_live(now) {
                    count(&code.key);
                }
            })
            .await?;
            self.each::<Client>(tenant, |client| client.secrets.iter().for_each(|secret| count(&secret.key))).await?;
        }
        Ok(borne)
    }

    async fn each<T: Stored>(&self, tenant: &TenantId, mut look: impl FnMut(&T)) -> Result<(), IdentityError> {
        const PAGE: usize = 500;
        let mut after: Option<Vec<u8>> = None;
        loop {
            let page = self.vault().scan(tenant, kind(T::KIND)?, after.as_deref(), PAGE).await?;
            for (_, record) in &page {
                look(&decode(&record.value)?);
            }
            match page.into_iter().next_back() {
                Some((id, _)) => after = Some(id),
                None => return Ok(()),
            }
        }
    }
}

fn changes(before: &Noted, now: &Noted, actor: &Actor) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (purpose, ids) in &now.keys {
        let known = before.keys.get(purpose).map(Vec::as_slice).unwrap_or_default();
        let fact = |name, id: &String| {
            Fact::new(name, actor.clone()).detail("purpose", purpose.as_str()).detail("key", id.as_str())
        };
        // From old to new, as they came.
        facts.extend(ids.iter().rev().filter(|id| !known.contains(id)).map(|id| fact("key.activated", id)));
        facts.extend(known.iter().filter(|id| !ids.contains(id)).map(|id| fact("key.retired", id)));
    }
    facts
}

#[cfg(test)]
mod tests;

//! Typed records come in and go out; between them and the vault lie bytes, keys without personal data, and conditions.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wayfarer_step::{Expected, Fact, Write};
use wayfarer_store::{Batch, CommitError, Expect, Key, Kind, TenantId, Vault};

use crate::IdentityError;

/// The log that facts go to.
pub(crate) const AUDIT: &str = "audit";

/// How often a change is tried again when others changed the same records.
///
/// A guess conflicts only with guesses that were counted, of which there are at most `max_attempts` before the lock, and
/// with administrators. So this is never reached by guessing alone.
pub(crate) const TRIES: usize = 64;

/// Something that is kept under one kind.
pub(crate) trait Stored: Serialize + DeserializeOwned {
    /// The kind.
    const KIND: &'static str;
    /// Leads the bytes; grows when their form changes.
    const FORMAT: u8;
}

/// What was found under a key, and what to expect of it when it is written.
#[derive(Debug)]
pub(crate) struct Loaded<T> {
    /// The record, if there is one.
    pub(crate) value: Option<T>,
    /// Its key within kind and tenant.
    pub(crate) id: Vec<u8>,
    /// That it still is as it was found.
    pub(crate) expected: Expected,
}

impl<T: Stored> Loaded<T> {
    /// Reads the record under `id`.
    pub(crate) async fn read(vault: &Vault, tenant: &TenantId, id: Vec<u8>) -> Result<Self, IdentityError> {
        let key = Key::new(tenant, kind(T::KIND)?, id);
        let record = vault.get(&key).await?;
        let expected = record.as_ref().map_or(Expected::Absent, |record| Expected::Version(record.version));
        let value = record.map(|record| decode(&record.value)).transpose()?;
        Ok(Self { value, id: key.id, expected })
    }

    /// Puts `value` in its place.
    pub(crate) fn put(&self, value: &T, expires_at: Option<Timestamp>) -> Result<Write, IdentityError> {
        put(self.id.clone(), self.expected, value, expires_at)
    }

    /// Takes it away; that it was not there must still hold.
    pub(crate) fn remove(&self) -> Write {
        match self.expected {
            Expected::Absent => self.require(),
            expected @ Expected::Version(_) => Write::Delete { kind: T::KIND, id: self.id.clone(), expected },
        }
    }

    /// Lets the commit depend on it.
    pub(crate) fn require(&self) -> Write {
        Write::Require { kind: T::KIND, id: self.id.clone(), expected: self.expected }
    }
}

/// Puts a record.
pub(crate) fn put<T: Stored>(
    id: Vec<u8>,
    expected: Expected,
    value: &T,
    expires_at: Option<Timestamp>,
) -> Result<Write, IdentityError> {
    let bytes = postcard::to_extend(value, vec![T::FORMAT]).map_err(|_| damaged::<T>())?;
    Ok(Write::Put { kind: T::KIND, id, expected, value: bytes, expires_at })
}

/// Reads a record's bytes.
pub(crate) fn decode<T: Stored>(bytes: &[u8]) -> Result<T, IdentityError> {
    match bytes.split_first() {
        Some((format, rest)) if *format == T::FORMAT => postcard::from_bytes(rest).map_err(|_| damaged::<T>()),
        _ => Err(damaged::<T>()),
    }
}

/// The key of a record that is named by `parts`: a keyed hash over all of them, each behind its length (R106).
pub(crate) fn id_of<T: Stored>(vault: &Vault, tenant: &TenantId, parts: &[&str]) -> Result<Vec<u8>, IdentityError> {
    let framed: String = parts.iter().map(|part| format!("{}:{part}", part.len())).collect();
    Ok(vault.lookup(tenant, kind(T::KIND)?, framed))
}

/// How a commit ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// All of it was written.
    Done,
    /// Nothing was: this record was not as expected.
    Conflict(Key),
}

/// Commits staged writes on their own, as the driver does together with a run.
pub(crate) async fn commit(vault: &Vault, tenant: &TenantId, writes: Vec<Write>) -> Result<Outcome, IdentityError> {
    let mut batch = Batch::new();
    let facts: Vec<Fact> = writes
        .iter()
        .filter_map(|write| match write {
            Write::Record(fact) => Some(fact.clone()),
            _ => None,
        })
        .collect();
    for write in writes {
        batch = match write {
            Write::Put { kind: name, id, expected, value, expires_at } => {
                batch.put(Key::new(tenant, kind(name)?, id), expect(expected), value, expires_at, None)
            }
            Write::Delete { kind: name, id, expected } => {
                batch.delete(Key::new(tenant, kind(name)?, id), expect(expected))
            }
            Write::Require { kind: name, id, expected } => {
                batch.require(Key::new(tenant, kind(name)?, id), expect(expected))
            }
            Write::Record(fact) => batch.append(tenant, AUDIT, payload(&fact)?),
        };
    }
    match vault.commit(batch).await {
        Ok(_) => {
            facts.iter().for_each(Fact::log);
            Ok(Outcome::Done)
        }
        Err(CommitError::Conflict { key }) => Ok(Outcome::Conflict(key)),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

fn payload(fact: &Fact) -> Result<Vec<u8>, IdentityError> {
    serde_json::to_vec(fact).map_err(|_| IdentityError::Damaged { kind: AUDIT })
}

pub(crate) fn kind(name: &'static str) -> Result<Kind, IdentityError> {
    Kind::stored(name).ok_or(IdentityError::Damaged { kind: name })
}

const fn expect(expected: Expected) -> Expect {
    match expected {
        Expected::Absent => Expect::Absent,
        Expected::Version(version) => Expect::Version(version),
    }
}

const fn damaged<T: Stored>() -> IdentityError {
    IdentityError::Damaged { kind: T::KIND }
}

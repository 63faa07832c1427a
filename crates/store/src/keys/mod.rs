//! The secrets of an installation, by purpose; each purpose has one key that is in use, and older ones that still open.

mod file;

use std::fmt;

use aws_lc_rs::{
    rand,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use self::file::KeyFile;
pub(crate) use self::file::sync_folder;
use crate::{
    clock::{SystemClock, WallClock},
    error::KeyError,
};

/// What a key is for; no key serves two purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Sealing records and log payloads.
    Seal,
    /// Hashing identifiers into lookup keys.
    Lookup,
    /// Tags of codes and other short secrets.
    Tag,
    /// Sealing segments of logs.
    Audit,
    /// Signing tokens: ECDSA P-256, PKCS#8.
    Sign,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [Self::Seal, Self::Lookup, Self::Tag, Self::Audit, Self::Sign];
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seal => "seal",
            Self::Lookup => "lookup",
            Self::Tag => "tag",
            Self::Audit => "audit",
            Self::Sign => "sign",
        })
    }
}

/// A key's public name: eight random bytes, shown as 16 hexadecimal digits (also the `kid` of a signing key).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; KeyId::LENGTH]);

impl KeyId {
    pub(crate) const LENGTH: usize = 8;

    pub(crate) fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let id = u64::from_str_radix(text, 16).ok()?;
        let id = Self(id.to_be_bytes());
        // One spelling each: no sign, no capitals, no missing zeros.
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Whether a key still makes new values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Makes and opens.
    Active,
    /// Only opens what it has made.
    VerifyOnly,
}

/// One key. Its secret is wiped on drop and never printed.
#[derive(Clone)]
pub struct SecretKey {
    id: KeyId,
    purpose: Purpose,
    created_at: Timestamp,
    state: KeyState,
    secret: Zeroizing<Vec<u8>>,
}

impl SecretKey {
    fn generate(purpose: Purpose, created_at: Timestamp) -> Result<Self, KeyError> {
        let mut id = [0; KeyId::LENGTH];
        rand::fill(&mut id).map_err(|_| KeyError::Random)?;
        let secret = match purpose {
            Purpose::Sign => {
                let rng = rand::SystemRandom::new();
                let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng);
                document.map_err(|_| KeyError::Random)?.as_ref().to_vec()
            }
            Purpose::Seal | Purpose::Lookup | Purpose::Tag | Purpose::Audit => {
                let mut secret = vec![0; SYMMETRIC];
                rand::fill(&mut secret).map_err(|_| KeyError::Random)?;
                secret
            }
        };
        Ok(Self { id: KeyId(id), purpose, created_at, state: KeyState::Active, secret: Zeroizing::new(secret) })
    }

    /// Whether a secret can be one of this purpose.
    fn fits(purpose: Purpose, secret: &[u8]) -> bool {
        match purpose {
            Purpose::Sign => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, secret).is_ok(),
            _ => secret.len() == SYMMETRIC,
        }
    }

    /// Its public name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// When it was made.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Whether it still makes new values.
    #[must_use]
    pub fn state(&self) -> KeyState {
        self.state
    }

    /// The PKCS#8 document of a signing key; nothing for a key of another purpose, which never leaves this crate.
    #[must_use]
    pub fn pkcs8(&self) -> Option<&[u8]> {
        (self.purpose == Purpose::Sign).then_some(&self.secret)
    }

    pub(crate) fn secret(&self) -> &[u8] {
        &self.secret
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({} {} {:?})", self.purpose, self.id, self.state)
    }
}

/// Bytes of a symmetric key.
const SYMMETRIC: usize = 32;

/// The keys of one purpose.
#[derive(Debug, Clone)]
pub struct KeySet {
    active: SecretKey,
    older: Vec<SecretKey>,
}

impl KeySet {
    /// The key that makes new values.
    #[must_use]
    pub fn active(&self) -> &SecretKey {
        &self.active
    }

    /// All keys that open, the active one first, then from new to old.
    pub fn iter(&self) -> impl Iterator<Item = &SecretKey> {
        std::iter::once(&self.active).chain(&self.older)
    }

    /// The key of this id.
    #[must_use]
    pub fn find(&self, id: KeyId) -> Option<&SecretKey> {
        self.iter().find(|key| key.id == id)
    }
}

/// The keys of an installation.
#[derive(Debug, Clone)]
pub struct KeyRing {
    seal: KeySet,
    lookup: KeySet,
    tag: KeySet,
    audit: KeySet,
    sign: KeySet,
}

impl KeyRing {
    /// A new key for each purpose.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn generate(created_at: Timestamp) -> Result<Self, KeyError> {
        Self::from_sets(|purpose| {
            SecretKey::generate(purpose, created_at).map(|active| KeySet { active, older: Vec::new() })
        })
    }

    /// Keys for a store that does not outlive the process.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn ephemeral() -> Result<Self, KeyError> {
        Self::generate(SystemClock.now())
    }

    fn from_sets<E>(mut set: impl FnMut(Purpose) -> Result<KeySet, E>) -> Result<Self, E> {
        Ok(Self {
            seal: set(Purpose::Seal)?,
            lookup: set(Purpose::Lookup)?,
            tag: set(Purpose::Tag)?,
            audit: set(Purpose::Audit)?,
            sign: set(Purpose::Sign)?,
        })
    }

    /// The keys of one purpose.
    #[must_use]
    pub fn of(&self, purpose: Purpose) -> &KeySet {
        match purpose {
            Purpose::Seal => &self.seal,
            Purpose::Lookup => &self.lookup,
            Purpose::Tag => &self.tag,
            Purpose::Audit => &self.audit,
            Purpose::Sign => &self.sign,
        }
    }

    fn of_mut(&mut self, purpose: Purpose) -> &mut KeySet {
        match purpose {
            Purpose::Seal => &mut self.seal,
            Purpose::Lookup => &mut self.lookup,
            Purpose::Tag => &mut self.tag,
            Purpose::Audit => &mut self.audit,
            Purpose::Sign => &mut self.sign,
        }
    }

    /// Every key, by purpose, the active one of each first.
    pub fn iter(&self) -> impl Iterator<Item = &SecretKey> {
        Purpose::ALL.into_iter().flat_map(|purpose| self.of(purpose).iter())
    }

    /// The same ring with a new active key for `purpose`; the one before still opens (R108).
    ///
    /// # Errors
    /// [`KeyError::Fixed`] for [`Purpose::Lookup`], [`KeyError::Random`].
    pub fn rotated(&self, purpose: Purpose, now: Timestamp) -> Result<Self, KeyError> {
        if purpose == Purpose::Lookup {
            return Err(KeyError::Fixed { purpose });
        }
        let mut ring = self.clone();
        let set = ring.of_mut(purpose);
        let mut before = std::mem::replace(&mut set.active, SecretKey::generate(purpose, now)?);
        before.state = KeyState::VerifyOnly;
        set.older.insert(0, before);
        Ok(ring)
    }

    /// The same ring without the key `id`, once nothing bears its id any more.
    ///
    /// # Errors
    /// [`KeyError::NotRetirable`] for an active or unknown key.
    pub fn retired(&self, id: KeyId) -> Result<Self, KeyError> {
        let mut ring = self.clone();
        for purpose in Purpose::ALL {
            let older = &mut ring.of_mut(purpose).older;
            if let Some(index) = older.iter().position(|key| key.id == id) {
                older.remove(index);
                return Ok(ring);
            }
        }
        Err(KeyError::NotRetirable)
    }
}

#[cfg(test)]
mod tests;

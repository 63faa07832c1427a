//! The secrets of an installation, by purpose; each purpose has one key that is in use, and older ones that still open.

mod file;
mod key;

use jiff::Timestamp;

pub(crate) use self::file::sync_folder;
pub use self::{
    file::KeyFile,
    key::{KeyId, KeyState, Purpose, SecretKey},
};
use crate::{
    clock::{SystemClock, WallClock},
    error::KeyError,
};

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

    /// When a newer key took the place of the one of this id; nothing for the active one.
    #[must_use]
    pub fn superseded_at(&self, id: KeyId) -> Option<Timestamp> {
        let keys: Vec<_> = self.iter().collect();
        let place = keys.iter().position(|key| key.id == id)?;
        // They stand from new to old, so the one before it is what took its place.
        keys.get(place.checked_sub(1)?).map(|newer| newer.created_at)
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

/// The most keys for one purpose: so many of each are less than the largest key file.
const MOST: usize = 1_000;

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

    /// This ring with the lookup keys of another.
    #[cfg(test)]
    pub(crate) fn with_lookup_of(&self, other: &Self) -> Self {
        Self { lookup: other.lookup.clone(), ..self.clone() }
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
    /// [`KeyError::Fixed`] for [`Purpose::Lookup`], [`KeyError::TooMany`], [`KeyError::Random`].
    pub fn rotated(&self, purpose: Purpose, now: Timestamp) -> Result<Self, KeyError> {
        if purpose == Purpose::Lookup {
            return Err(KeyError::Fixed { purpose });
        }
        let mut ring = self.clone();
        let set = ring.of_mut(purpose);
        if set.iter().count() >= MOST {
            return Err(KeyError::TooMany { purpose });
        }
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

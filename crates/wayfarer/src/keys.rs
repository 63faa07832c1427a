//! An administrator's wish about keys comes in; the key file is changed first, then the keys in use, and then it is recorded.
//!
//! Stopped between two of these, the next start finds the new file: a key stands in it before anything bears the key, and
//! leaves it after nothing does.

use std::path::PathBuf;

use wayfarer_identity::IdentityError;
use wayfarer_step::Actor;
use wayfarer_store::keys::Purpose;
use wayfarer_store::{KeyError, KeyFile, KeyId};

use crate::Wayfarer;

/// Where a host's keys are kept.
#[derive(Clone, Debug)]
pub(crate) enum KeyPlace {
    /// Nowhere: they end with the store.
    Memory,
    /// In this file.
    File(PathBuf),
    /// Where the host says.
    Host,
}

impl Wayfarer {
    /// Makes a new key for a purpose, which is in use at once. The one before still opens what it has made (R77, R108).
    ///
    /// # Errors
    /// For lookup keys, which stay for the store's life; when the key file cannot be changed, or the store fails. Keys of a
    /// host's own store are rotated by the host, which hands them to
    /// [`Identity::adopt_keys`](wayfarer_identity::Identity::adopt_keys).
    pub async fn rotate_key(&self, actor: &Actor, purpose: Purpose) -> Result<KeyId, IdentityError> {
        let now = self.vault().now().await.map_err(IdentityError::from)?;
        let ring = match self.key_place() {
            KeyPlace::Memory => self.vault().keys().rotated(purpose, now)?,
            KeyPlace::File(path) => KeyFile::change(path, |ring| Ok((ring.rotated(purpose, now)?, ())))?.0,
            KeyPlace::Host => return Err(KeyError::NoFile.into()),
        };
        let id = ring.of(purpose).active().id();
        self.identity().adopt_keys(self.tenant(), actor, ring).await?;
        Ok(id)
    }

    /// Takes a key away that nothing needs any more.
    ///
    /// # Errors
    /// When something still needs it, it is active or unknown, and as [`rotate_key`](Self::rotate_key).
    pub async fn retire_key(&self, actor: &Actor, id: KeyId) -> Result<(), IdentityError> {
        self.identity().check_retirable(id).await?;
        let ring = match self.key_place() {
            KeyPlace::Memory => self.vault().keys().retired(id)?,
            KeyPlace::File(path) => KeyFile::change(path, |ring| Ok((ring.retired(id)?, ())))?.0,
            KeyPlace::Host => return Err(KeyError::NoFile.into()),
        };
        self.identity().adopt_keys(self.tenant(), actor, ring).await
    }

    /// Uses what the key file holds now, if it is another ring than before. Says whether it is.
    ///
    /// # Errors
    /// When the file cannot be read, is of another store, or lacks a key that is needed: the keys stay as they are then.
    pub async fn reload_keys(&self, actor: &Actor) -> Result<bool, IdentityError> {
        let KeyPlace::File(path) = self.key_place() else { return Ok(false) };
        let ring = KeyFile::load(path)?;
        let now = self.vault().keys();
        let changed = ring.iter().map(|key| (key.id(), key.state())).ne(now.iter().map(|key| (key.id(), key.state())));
        if changed {
            self.identity().adopt_keys(self.tenant(), actor, ring).await?;
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests;

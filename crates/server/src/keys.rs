//! Wishes about keys come in; whoever keeps the keys carries them out, one at a time.

use std::sync::Arc;

use tokio::sync::Mutex;
use wayfarer_identity::{IdentityError, KeyError, KeyId, Purpose};
use wayfarer_step::{Actor, async_trait};

/// Who keeps the keys, where no server reaches: in a file, say.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// Makes a new key for a purpose, which is in use at once; the one before still opens what it has made. Gives its id.
    ///
    /// # Errors
    /// For lookup keys, and when the keys cannot be changed.
    async fn rotate(&self, actor: &Actor, purpose: Purpose) -> Result<KeyId, IdentityError>;

    /// Takes a key away that nothing needs any more.
    ///
    /// # Errors
    /// When something needs it, it is active or unknown, and when the keys cannot be changed.
    async fn retire(&self, actor: &Actor, id: KeyId) -> Result<(), IdentityError>;
}

/// The keys, as administration changes them.
pub(crate) struct Keys {
    keeper: Option<Arc<dyn Keeper>>,
    /// Held by who changes them: a second ring that is made of the same one would lack a key of the first.
    changing: Mutex<()>,
}

impl Keys {
    pub(crate) fn new(keeper: Option<Arc<dyn Keeper>>) -> Self {
        Self { keeper, changing: Mutex::new(()) }
    }

    /// A new key for a purpose.
    pub(crate) async fn rotate(&self, actor: &Actor, purpose: Purpose) -> Result<KeyId, IdentityError> {
        let _changing = self.changing.lock().await;
        self.keeper()?.rotate(actor, purpose).await
    }

    /// Takes a key away.
    pub(crate) async fn retire(&self, actor: &Actor, id: KeyId) -> Result<(), IdentityError> {
        let _changing = self.changing.lock().await;
        self.keeper()?.retire(actor, id).await
    }

    fn keeper(&self) -> Result<&dyn Keeper, IdentityError> {
        self.keeper.as_deref().ok_or(IdentityError::Keys(KeyError::NoFile))
    }
}

#[cfg(test)]
mod tests;

//! A host comes in; its server has its keys rotated and retired by it.

use wayfarer::Wayfarer;
use wayfarer::identity::IdentityError;
use wayfarer::step::{Actor, async_trait};
use wayfarer::store::KeyId;
use wayfarer::store::keys::Purpose;
use wayfarer_server::Keeper;

/// Whose key file it is.
pub(super) struct Kept(pub(super) Wayfarer);

#[async_trait]
impl Keeper for Kept {
    async fn rotate(&self, actor: &Actor, purpose: Purpose) -> Result<KeyId, IdentityError> {
        self.0.rotate_key(actor, purpose).await
    }

    async fn retire(&self, actor: &Actor, id: KeyId) -> Result<(), IdentityError> {
        self.0.retire_key(actor, id).await
    }
}

//! The registration of a run's tokens: a signature alone is worth nothing without it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_step::{Actor, Fact};
use wayfarer_store::{TenantId, Vault};

use crate::IdentityError;
use crate::record::{Loaded, Stored};

/// The newest tokens of one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionRecord {
    pub(crate) user_id: Arc<str>,
    pub(crate) application: Arc<str>,
    /// The `jti` of both tokens: those of an earlier minting are void.
    pub(crate) access: Uuid,
    pub(crate) id: Uuid,
    /// The user's at the minting.
    pub(crate) epoch: u32,
    pub(crate) expires_at: Timestamp,
    /// Whether it is only good for recovery (R32).
    pub(crate) recovery: bool,
    pub(crate) state: SessionState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SessionState {
    /// A proof was accepted, but the run has not completed.
    Pending,
    /// The run completed.
    Live,
    /// The run ended otherwise, or somebody ended the session.
    Revoked,
}

impl Stored for SessionRecord {
    const KIND: &'static str = "token_session";
    const FORMAT: u8 = 1;
}

impl SessionRecord {
    pub(crate) async fn load(vault: &Vault, tenant: &TenantId, run: Uuid) -> Result<Loaded<Self>, IdentityError> {
        Loaded::read(vault, tenant, run.as_bytes().to_vec()).await
    }

    /// A fact about the session; one of a recovery has a name of its own.
    pub(crate) fn fact(&self, recovery: &'static str, login: &'static str, actor: Actor) -> Fact {
        Fact::new(if self.recovery { recovery } else { login }, actor).subject(self.user_id.clone())
    }

    /// When the registration may be erased: no token of it is accepted any more.
    pub(crate) fn erase_at(&self) -> Option<Timestamp> {
        self.expires_at.checked_add(SignedDuration::from_mins(1)).ok()
    }
}

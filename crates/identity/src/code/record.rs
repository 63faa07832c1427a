//! What is stored of a code: never the code itself, only a keyed tag of it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_step::{Actor, Method};
use wayfarer_store::{TenantId, Vault};

use crate::IdentityError;
use crate::record::{Loaded, Stored, id_of};

/// The one code of a (tenant, user, method); a newer one takes its place (R15).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CodeRecord {
    pub(crate) code_id: Uuid,
    /// The user, so that what only sees the record can say whose it was; the key is a hash.
    pub(crate) user_id: Arc<str>,
    pub(crate) application: Arc<str>,
    pub(crate) tag: [u8; 32],
    /// The key that made the tag, so that one can tell when a key is no longer needed (R108).
    pub(crate) key: String,
    pub(crate) length: u8,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) issued_by: Actor,
    pub(crate) state: CodeState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CodeState {
    /// It may be compared until it expires.
    Live,
    /// It signed the user in, in this run.
    Used { at: Timestamp, run: Uuid },
    /// The attempt of this ticket was the last one allowed.
    Burnt { at: Timestamp, ticket: Uuid },
    /// It was taken back.
    Revoked { at: Timestamp },
}

impl Stored for CodeRecord {
    const KIND: &'static str = "code";
    const FORMAT: u8 = 1;
}

/// How long a dead code's record stays, to tell `expired` from `none`; with the hour of its life it is gone within a day
/// (R113).
const REMEMBERED: SignedDuration = SignedDuration::from_hours(22);

impl CodeRecord {
    /// When the record may be erased.
    pub(crate) fn erase_at(&self) -> Option<Timestamp> {
        self.expires_at.checked_add(REMEMBERED).ok()
    }

    /// Whether it could sign somebody in at `now` (R5).
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.state == CodeState::Live && now < self.expires_at
    }

    pub(crate) async fn load(
        vault: &Vault,
        tenant: &TenantId,
        user_id: &str,
        method: &Method,
    ) -> Result<Loaded<Self>, IdentityError> {
        Loaded::read(vault, tenant, id_of::<Self>(vault, tenant, &[method.as_str(), user_id])?).await
    }
}

/// All that a tag binds a code to (R14).
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) tenant: TenantId,
    pub(crate) user_id: Arc<str>,
    pub(crate) method: Method,
    pub(crate) application: Arc<str>,
    pub(crate) code_id: Uuid,
}

/// Keeps the tags of codes apart from every other use of the key.
const LABEL: &str = "issued code 1";

impl Binding {
    /// The tag of `code` under the newest key.
    pub(crate) fn tag(&self, vault: &Vault, code: &str) -> [u8; 32] {
        vault.mac(LABEL, &self.parts(code))
    }

    /// Whether `tag` is the tag of `code`, in a time that tells nothing about either (R16).
    pub(crate) fn matches(&self, vault: &Vault, code: &str, tag: &[u8; 32]) -> bool {
        vault.mac_matches(LABEL, &self.parts(code), tag)
    }

    fn parts<'a>(&'a self, code: &'a str) -> [&'a [u8]; 6] {
        [
            self.tenant.as_str().as_bytes(),
            self.user_id.as_bytes(),
            self.method.as_str().as_bytes(),
            self.application.as_bytes(),
            self.code_id.as_bytes(),
            code.as_bytes(),
        ]
    }
}

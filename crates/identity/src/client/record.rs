//! What is stored of a client: never a secret, only keyed tags of those that are live.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_store::keys::Purpose;
use wayfarer_store::{TenantId, Vault};

use super::{ClientScope, Origin};
use crate::IdentityError;
use crate::record::{Loaded, Stored, id_of};

/// A program that calls: an application's backend, a support desk, or the pages of a web application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its public name.
    pub client_id: Arc<str>,
    /// What people call it.
    pub name: Option<Arc<str>>,
    /// The application whose settings and codes are its own.
    pub application: Arc<str>,
    /// Whether it can keep a secret (RFC 6749 section 2.1). One that cannot has none, and gets no token.
    pub confidential: bool,
    /// What it may do.
    pub scopes: BTreeSet<ClientScope>,
    /// The pages that may call on its behalf.
    pub origins: Vec<Origin>,
    /// The journeys that it may start; none: all.
    pub journeys: Option<BTreeSet<Arc<str>>>,
    /// What it gets when a journey of a proven user completes.
    pub completion: Completion,
    /// Whether it may call at all.
    pub active: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// Its live secrets, the newest last: two while one takes the other's place (R62).
    pub secrets: Vec<SecretInfo>,
}

/// What a page gets when a journey of a proven user completes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Completion {
    /// The access token itself.
    #[default]
    Token,
    /// A code that the application's backend exchanges for the tokens, once.
    Code,
    /// Both.
    Both,
}

impl Completion {
    /// Whether the page gets the token.
    #[must_use]
    pub const fn has_token(self) -> bool {
        matches!(self, Self::Token | Self::Both)
    }

    /// Whether the page gets a code.
    #[must_use]
    pub const fn has_code(self) -> bool {
        matches!(self, Self::Code | Self::Both)
    }
}

impl std::str::FromStr for Completion {
    type Err = IdentityError;

    fn from_str(word: &str) -> Result<Self, IdentityError> {
        match word {
            "token" => Ok(Self::Token),
            "code" => Ok(Self::Code),
            "both" => Ok(Self::Both),
            _ => Err(IdentityError::invalid("completion", "must be one of `token`, `code`, `both`")),
        }
    }
}

/// A live secret, without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretInfo {
    /// Names it.
    pub id: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
    /// The keyed tag of the secret.
    pub(super) tag: [u8; 32],
    /// The key that made the tag (R108).
    pub(crate) key: String,
}

impl Stored for Client {
    const KIND: &'static str = "client";
    const FORMAT: u8 = 2;
}

impl Client {
    /// Whether it may start the journey.
    #[must_use]
    pub fn may_start(&self, journey: &str) -> bool {
        self.journeys.as_ref().is_none_or(|journeys| journeys.contains(journey))
    }

    /// Whether a page of this origin may call on its behalf.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed.matches(origin))
    }

    pub(super) async fn load(vault: &Vault, tenant: &TenantId, client_id: &str) -> Result<Loaded<Self>, IdentityError> {
        Loaded::read(vault, tenant, id_of::<Self>(vault, tenant, &[client_id])?).await
    }
}

/// Keeps the tags of client secrets apart from every other use of the key.
const LABEL: &str = "client secret 1";

/// The id of the newest key for tags. Asked before a tag is made, so that at worst the record names an older one, which is
/// then kept longer than it is needed.
pub(super) fn newest_key(vault: &Vault) -> String {
    vault.keys().of(Purpose::Tag).active().id().to_string()
}

/// The tag of a secret, under the newest key.
pub(super) fn tag(vault: &Vault, tenant: &TenantId, client_id: &str, secret: &str) -> [u8; 32] {
    vault.mac(LABEL, &[tenant.as_str().as_bytes(), client_id.as_bytes(), secret.as_bytes()])
}

/// Whether it is the tag of the secret, in a time that tells nothing about either.
pub(super) fn matches(vault: &Vault, tenant: &TenantId, client_id: &str, secret: &str, tag: &[u8; 32]) -> bool {
    vault.mac_matches(LABEL, &[tenant.as_str().as_bytes(), client_id.as_bytes(), secret.as_bytes()], tag)
}

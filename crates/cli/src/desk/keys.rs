//! Orders about keys come in; their names go out, never their secrets.

use std::collections::BTreeSet;

use anyhow::Result;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use wayfarer::identity::KeyInfo;
use wayfarer::store::KeyId;
use wayfarer::store::keys::{KeyState, Purpose};

use super::Desk;

/// A key, and what still needs it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) purpose: Purpose,
    pub(crate) key: String,
    pub(crate) state: KeyState,
    created_at: Timestamp,
    #[serde(default)]
    superseded_at: Option<Timestamp>,
    pub(crate) borne_by: u64,
    #[serde(default)]
    pub(crate) stays_until: Option<Timestamp>,
}

impl From<KeyInfo> for Key {
    fn from(info: KeyInfo) -> Self {
        Self {
            purpose: info.purpose,
            key: info.id.to_string(),
            state: info.state,
            created_at: info.created_at,
            superseded_at: info.superseded_at,
            borne_by: info.borne,
            stays_until: info.overlap_ends_at,
        }
    }
}

/// A key that was made.
#[derive(Serialize, Deserialize)]
pub(crate) struct NewKey {
    pub(crate) purpose: Purpose,
    pub(crate) key: String,
}

#[derive(Deserialize)]
struct Listed {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Rotated {
    rotated: Vec<NewKey>,
}

#[derive(Deserialize)]
struct Retired {}

impl Desk {
    /// All keys.
    pub(crate) async fn keys(&self) -> Result<Vec<Key>> {
        match self {
            Self::Store(host) => Ok(host.wayfarer.identity().key_infos().await?.into_iter().map(Key::from).collect()),
            Self::Server(server) => Ok(server.get::<Listed>("/keys").await?.keys),
        }
    }

    /// Makes a key for each purpose, in use at once.
    pub(crate) async fn rotate_keys(&self, purposes: BTreeSet<Purpose>) -> Result<Vec<NewKey>> {
        match self {
            Self::Store(host) => {
                let mut made = Vec::new();
                for purpose in purposes {
                    let key = host.wayfarer.rotate_key(&host.actor, purpose).await?.to_string();
                    made.push(NewKey { purpose, key });
                }
                Ok(made)
            }
            Self::Server(server) => {
                let rotated: Rotated = server.post("/keys/rotate", &json!({ "purposes": purposes })).await?;
                Ok(rotated.rotated)
            }
        }
    }

    /// Takes a key away.
    pub(crate) async fn retire_key(&self, id: KeyId) -> Result<()> {
        match self {
            Self::Store(host) => Ok(host.wayfarer.retire_key(&host.actor, id).await?),
            Self::Server(server) => {
                let Retired {} = server.post(&format!("/keys/{id}/retire"), &json!({})).await?;
                Ok(())
            }
        }
    }
}

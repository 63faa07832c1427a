//! Keys are listed, rotated and retired. Their secrets go nowhere.

use std::collections::BTreeSet;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wayfarer_identity::{KeyId, KeyInfo, KeyState, Purpose as Known};

use super::agent::{Agent, KeysRead, KeysWrite};
use crate::app::App;
use crate::at::At;
use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::sent::{Nothing, Sent, Told};

/// All keys.
#[derive(Serialize, ToSchema)]
pub(super) struct Keys {
    keys: Vec<Key>,
}

/// A key, without its secret.
#[derive(Serialize, ToSchema)]
struct Key {
    /// Its id; of a signing key it is the `kid`.
    #[schema(pattern = "^[0-9a-f]{16}$")]
    key: String,
    /// What it is for: `seal`, `lookup`, `tag`, `audit` or `sign`.
    purpose: String,
    /// Whether it makes new values, or only opens what it has made.
    state: Standing,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When a newer one took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    superseded_at: Option<String>,
    /// How many records, entries of logs, live codes or client secrets bear it.
    borne_by: u64,
    /// From when on it can be retired, if nothing bears it by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    stays_until: Option<String>,
}

/// Whether a key makes new values.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Standing {
    Active,
    VerifyOnly,
}

/// What gets a new key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rotate {
    /// What the keys are for.
    #[schema(min_items = 1, max_items = 4)]
    purposes: Vec<Purpose>,
}

/// What a key is for. Lookup keys are not among them: they stay for the life of a store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = KeyPurpose)]
enum Purpose {
    Seal,
    Tag,
    Audit,
    Sign,
}

/// The keys that were made.
#[derive(Serialize, ToSchema)]
pub(super) struct Rotated {
    rotated: Vec<NewKey>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
struct NewKey {
    /// What it is for.
    purpose: String,
    /// Its id.
    key: String,
}

/// The key that was taken away.
#[derive(Serialize, ToSchema)]
pub(super) struct Retired {
    /// Its id.
    retired: String,
}

impl From<KeyInfo> for Key {
    fn from(info: KeyInfo) -> Self {
        Self {
            key: info.id.to_string(),
            purpose: info.purpose.to_string(),
            state: match info.state {
                KeyState::Active => Standing::Active,
                KeyState::VerifyOnly => Standing::VerifyOnly,
            },
            created_at: info.created_at.to_string(),
            superseded_at: info.superseded_at.map(|at| at.to_string()),
            borne_by: info.borne,
            stays_until: info.overlap_ends_at.map(|at| at.to_string()),
        }
    }
}

impl From<Purpose> for Known {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Seal => Self::Seal,
            Purpose::Tag => Self::Tag,
            Purpose::Audit => Self::Audit,
            Purpose::Sign => Self::Sign,
        }
    }
}

/// List keys
///
/// What bears each is counted, over the whole store.
#[utoipa::path(
    get, path = "/admin/v1/keys", tag = "keys", operation_id = "listKeys",
    responses((status = 200, description = "All keys", body = Keys)),
    security(("client" = ["keys:read"])),
)]
pub(super) async fn list(State(app): State<App>, _: Agent<KeysRead>) -> Result<Told<Keys>, Problem> {
    Ok(Told(Keys { keys: app.identity().key_infos().await?.into_iter().map(Key::from).collect() }))
}

/// Make new keys
///
/// They are in use at once. Those before still open what they have made.
#[utoipa::path(
    post, path = "/admin/v1/keys/rotate", tag = "keys", operation_id = "rotateKeys",
    params(("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = Rotate,
    responses((status = 200, description = "The new keys", body = Rotated), (status = 409, description = "`too_many_keys`, `keys_elsewhere`")),
    security(("client" = ["keys:write"])),
)]
pub(super) async fn rotate(
    State(app): State<App>,
    agent: Agent<KeysWrite>,
    Sent(Rotate { purposes }): Sent<Rotate>,
) -> Result<Told<Rotated>, Problem> {
    agent.is_named()?;
    if !(1..=4).contains(&purposes.len()) {
        return Err(Problem::invalid("`purposes` has 1 to 4 entries"));
    }
    let (purposes, mut rotated) = (BTreeSet::from_iter(purposes), Vec::new());
    for purpose in purposes.into_iter().map(Known::from) {
        let key = app.keys().rotate(&agent.actor, purpose).await?;
        rotated.push(NewKey { purpose: purpose.to_string(), key: key.to_string() });
    }
    Ok(Told(Rotated { rotated }))
}

/// Take a key away
///
/// Only one that nothing needs any more, a day after a newer one took its place at the earliest. The whole store is looked
/// through.
#[utoipa::path(
    post, path = "/admin/v1/keys/{key}/retire", tag = "keys", operation_id = "retireKey",
    params(("key" = String, Path, description = "The key's id", pattern = "^[0-9a-f]{16}$"), ("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = Nothing,
    responses((status = 200, description = "The key", body = Retired), (status = 404, description = "`not_found`: no key's id looks so"), (status = 409, description = "`key_in_use`, `key_not_retirable`, `keys_elsewhere`")),
    security(("client" = ["keys:write"])),
)]
pub(super) async fn retire(
    State(app): State<App>,
    agent: Agent<KeysWrite>,
    At(key): At<String>,
    _: Sent<Nothing>,
) -> Result<Told<Retired>, Problem> {
    agent.is_named()?;
    let id = KeyId::parse(&key).ok_or(Refusal::NotFound)?;
    app.keys().retire(&agent.actor, id).await?;
    Ok(Told(Retired { retired: key }))
}

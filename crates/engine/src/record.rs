//! The kinds of records that the engine keeps, and their bytes.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wayfarer_store::{Key, Kind, Record, TenantId, Vault};

use crate::answer::StoredAnswer;
use crate::bundle::BundleHash;
use crate::error::EngineError;

/// A run, by its id.
pub const RUN: Kind = Kind::new("run");
/// The answer to a request, by what names the request, for as long as it may come again.
pub const ANSWER: Kind = Kind::new("answer");
/// The texts and step versions that runs stay on, by their hash.
pub const BUNDLE: Kind = Kind::new("bundle");
/// What is deployed of a journey, by its id.
pub const DEPLOYMENT: Kind = Kind::new("deployment");
/// The runs that wait for a signal, by the keyed hash of its key and their id.
pub const SIGNAL: Kind = Kind::new("signal");
/// What visits said to others and was not delivered yet, by the run and its version.
pub const OUTBOX: Kind = Kind::new("outbox");
/// The log that facts go to.
pub const AUDIT: &str = "audit";

/// The kinds of records that a step may stage begin so; all others belong to the engine and to the ports, so that no step
/// can write a count of attempts, a code or a token past the service that owns it (law 2). So do the keys under which a step
/// may speak, so that none speaks under a key of the host's.
pub const STEP_PREFIX: &str = "step-";

/// The first byte of each record: the form of the others.
const FORMAT: u8 = 4;

/// A request that was accepted, and its answer as soon as there is one.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub(crate) struct Answered {
    /// What distinguishes the request from another under the same handle or key; none: the run went on without a request.
    pub(crate) body: Option<[u8; 32]>,
    /// The run that it is about.
    pub(crate) run: Uuid,
    /// The answer.
    pub(crate) answer: Option<StoredAnswer>,
}

pub(crate) fn run_key(tenant: &TenantId, run: Uuid) -> Key {
    Key::new(tenant, RUN, run.as_bytes().as_slice())
}

pub(crate) fn bundle_key(tenant: &TenantId, bundle: BundleHash) -> Key {
    Key::new(tenant, BUNDLE, bundle.0)
}

/// The key of a record that a step may read and stage; none if the kind is no step's. The id may be all that it takes to
/// use the record, so it does not stand in the store.
pub(crate) fn step_key(vault: &Vault, tenant: &TenantId, kind: &str, id: &[u8]) -> Option<Key> {
    let kind = Kind::stored(kind).filter(|kind| kind.as_str().starts_with(STEP_PREFIX))?;
    Some(Key::new(tenant, kind, vault.lookup(tenant, kind, id)))
}

pub(crate) fn encode<T: Serialize>(data: &T) -> Result<Vec<u8>, EngineError> {
    // Most runs fit into it, so that they are written in one piece.
    let mut bytes = Vec::with_capacity(1024);
    bytes.push(FORMAT);
    postcard::to_extend(data, bytes).map_err(EngineError::internal)
}

pub(crate) fn decode<T: DeserializeOwned>(record: &Record) -> Result<T, EngineError> {
    match record.value.split_first() {
        Some((&FORMAT, bytes)) => postcard::from_bytes(bytes).map_err(EngineError::internal),
        _ => Err(EngineError::internal("a stored record has an unknown form")),
    }
}

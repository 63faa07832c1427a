//! Entries of a log, each bound to the one before by its hash.

use std::fmt;

use aws_lc_rs::digest::{self, SHA256};
use jiff::Timestamp;

use crate::{error::StoreError, frame, record::TenantId};

/// Who wrote an entry: random per store file, or per node. Each writer has a chain of its own, so that appends of two
/// writers never wait for each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriterId(pub [u8; 16]);

impl WriterId {
    /// Of a store that begins.
    #[expect(clippy::disallowed_methods, reason = "a store turns dice into the ports' answers")]
    pub(crate) fn random() -> Result<Self, StoreError> {
        let mut id = [0; 16];
        aws_lc_rs::rand::fill(&mut id).map_err(|_| StoreError::Seal)?;
        Ok(Self(id))
    }
}

impl fmt::Display for WriterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for WriterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WriterId({self})")
    }
}

/// The `previous` of a writer's first entry.
pub(crate) const NO_ENTRY: [u8; 32] = [0; 32];

/// One entry of a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the tenant's log over all writers: what `after` of [`read_log`](crate::Store::read_log) takes.
    pub position: u64,
    /// Its place in its writer's chain, from 1, without gaps.
    pub sequence: u64,
    /// The store's time of the commit.
    pub at: Timestamp,
    /// Whose chain it is in.
    pub writer: WriterId,
    /// The hash of the writer's entry before; zeros for the first.
    pub previous: [u8; 32],
    /// [`entry_hash`] of this one.
    pub hash: [u8; 32],
    /// What it says; sealed in a [`Store`](crate::Store), plain from a [`Vault`](crate::Vault).
    pub payload: Vec<u8>,
}

/// Shows the size of the payload, never the payload (R114).
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("position", &self.position)
            .field("sequence", &self.sequence)
            .field("at", &self.at)
            .field("writer", &self.writer)
            .field("payload", &format_args!("{} bytes", self.payload.len()))
            .finish_non_exhaustive()
    }
}

/// Where an appended entry came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its place in the tenant's log.
    pub position: u64,
    /// Its place in its writer's chain.
    pub sequence: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// The newest entry of a writer's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Whose chain.
    pub writer: WriterId,
    /// Its newest sequence.
    pub sequence: u64,
    /// That entry's hash.
    pub hash: [u8; 32],
}

/// The hash that binds an entry: SHA-256 over the length-prefixed fields, the payload as the store keeps it (R106, R118).
#[must_use]
pub fn entry_hash(
    tenant: &TenantId,
    log: &str,
    writer: WriterId,
    sequence: u64,
    at: Timestamp,
    previous: &[u8; 32],
    payload: &[u8],
) -> [u8; 32] {
    sha256(&[
        b"wayfarer log entry 1",
        tenant.as_str().as_bytes(),
        log.as_bytes(),
        &writer.0,
        &sequence.to_be_bytes(),
        &at.as_microsecond().to_be_bytes(),
        previous,
        payload,
    ])
}

/// SHA-256 over the length-prefixed parts.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&SHA256);
    for part in parts {
        context.update(&frame::length(part));
        context.update(part);
    }
    let mut hash = [0; 32];
    // Same length on both sides, by the algorithm.
    hash.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    hash
}

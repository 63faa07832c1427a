//! What a caller wants changed, and under which conditions: all of it is committed, or nothing.

use std::{collections::HashSet, fmt};

use jiff::Timestamp;

use crate::{
    clock::whole_microseconds,
    error::StoreError,
    record::{Key, Kind, TenantId},
};

/// What must hold for a key when the batch is committed. An expired record counts as absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// There is no such record.
    Absent,
    /// The record has this version.
    Version(u64),
}

impl Expect {
    /// The version that a put under this condition gives, so that a value can be sealed with it beforehand.
    #[must_use]
    pub fn next_version(self) -> u64 {
        match self {
            Self::Absent => 1,
            Self::Version(version) => version.saturating_add(1),
        }
    }

    /// Whether it holds for a key with this version, none being absent or expired.
    #[must_use]
    pub fn holds(self, found: Option<u64>) -> bool {
        match self {
            Self::Absent => found.is_none(),
            Self::Version(version) => found == Some(version),
        }
    }
}

/// One part of a batch.
#[derive(Clone, PartialEq, Eq)]
pub enum Operation {
    /// Writes a record.
    Put {
        /// Where.
        key: Key,
        /// On which condition.
        expect: Expect,
        /// What.
        value: Vec<u8>,
        /// From when on it reads as absent.
        expires_at: Option<Timestamp>,
        /// When it comes up in [`due`](crate::Store::due).
        wake_at: Option<Timestamp>,
    },
    /// Removes a record.
    Delete {
        /// Which.
        key: Key,
        /// On which condition.
        expect: Expect,
    },
    /// Only a condition.
    Require {
        /// Which record.
        key: Key,
        /// What must hold for it.
        expect: Expect,
    },
    /// Erases a record if it has expired; else does nothing, and never conflicts.
    Purge {
        /// Which.
        key: Key,
    },
    /// Puts other bytes for the same value in place: version and moments stay, so nobody who has read the record notices.
    /// If the record has another version by then, it does nothing, and never conflicts. For vaults only (R108).
    Reseal {
        /// Which.
        key: Key,
        /// The version that was read.
        version: u64,
        /// The same value, sealed anew.
        value: Vec<u8>,
    },
}

impl Operation {
    /// The record that it speaks of.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Put { key, .. }
            | Self::Delete { key, .. }
            | Self::Require { key, .. }
            | Self::Purge { key }
            | Self::Reseal { key, .. } => key,
        }
    }

    /// The condition, if it has one.
    #[must_use]
    pub fn expect(&self) -> Option<Expect> {
        match self {
            Self::Put { expect, .. } | Self::Delete { expect, .. } | Self::Require { expect, .. } => Some(*expect),
            Self::Purge { .. } | Self::Reseal { .. } => None,
        }
    }
}

/// Shows the size of a value, never the value (R114).
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { key, expect, value, .. } => write!(f, "Put({key:?}, {expect:?}, {} bytes)", value.len()),
            Self::Delete { key, expect } => write!(f, "Delete({key:?}, {expect:?})"),
            Self::Require { key, expect } => write!(f, "Require({key:?}, {expect:?})"),
            Self::Purge { key } => write!(f, "Purge({key:?})"),
            Self::Reseal { key, version, value } => write!(f, "Reseal({key:?}, {version}, {} bytes)", value.len()),
        }
    }
}

/// An entry to be added to a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Append {
    /// Whose log.
    pub tenant: TenantId,
    /// Which log; named by the rule for kinds.
    pub log: &'static str,
    /// What it says.
    pub payload: Vec<u8>,
}

/// Shows the size of the payload, never the payload (R114).
impl fmt::Debug for Append {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Append({}/{}, {} bytes)", self.tenant, self.log, self.payload.len())
    }
}

/// Puts, deletes, conditions and log entries that are committed together or not at all.
///
/// Every condition is judged on the state before the batch. A key may be written once, and required besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The records' part, in the order given.
    pub operations: Vec<Operation>,
    /// The logs' part, in the order given.
    pub appends: Vec<Append>,
}

impl Batch {
    /// The most operations and appends that one batch may hold.
    pub const LONGEST: usize = 10_000;
    /// The most bytes that a value or payload may have.
    pub const LARGEST_VALUE: usize = 16 << 20;

    /// A batch that does nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes `value` under `key`. Times are cut to whole microseconds.
    #[must_use]
    pub fn put(
        mut self,
        key: Key,
        expect: Expect,
        value: Vec<u8>,
        expires_at: Option<Timestamp>,
        wake_at: Option<Timestamp>,
    ) -> Self {
        let expires_at = expires_at.map(whole_microseconds);
        let wake_at = wake_at.map(whole_microseconds);
        self.operations.push(Operation::Put { key, expect, value, expires_at, wake_at });
        self
    }

    /// Removes the record under `key`.
    #[must_use]
    pub fn delete(mut self, key: Key, expect: Expect) -> Self {
        self.operations.push(Operation::Delete { key, expect });
        self
    }

    /// Commits only if this holds, without writing the record.
    #[must_use]
    pub fn require(mut self, key: Key, expect: Expect) -> Self {
        self.operations.push(Operation::Require { key, expect });
        self
    }

    /// Erases the record under `key` if it has expired.
    #[must_use]
    pub fn purge(mut self, key: Key) -> Self {
        self.operations.push(Operation::Purge { key });
        self
    }

    /// Puts other bytes for the same value in place, if the record still has this version.
    #[must_use]
    pub(crate) fn reseal(mut self, key: Key, version: u64, value: Vec<u8>) -> Self {
        self.operations.push(Operation::Reseal { key, version, value });
        self
    }

    /// Adds an entry to a log.
    #[must_use]
    pub fn append(mut self, tenant: &TenantId, log: &'static str, payload: Vec<u8>) -> Self {
        self.appends.push(Append { tenant: tenant.clone(), log, payload });
        self
    }

    /// Everything of this batch and everything of the other.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.operations.extend(other.operations);
        self.appends.extend(other.appends);
        self
    }

    /// Whether it neither asks nor changes anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.appends.is_empty()
    }

    /// The rules that every [`Store`](crate::Store) applies before it looks at its data.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a key written twice, and for keys, values or batches beyond their limits.
    pub fn validate(&self) -> Result<(), StoreError> {
        let refuse = |reason| Err(StoreError::Refused { reason });
        if self.operations.len() + self.appends.len() > Self::LONGEST {
            return refuse("it has too many parts");
        }
        let mut written = HashSet::new();
        for operation in &self.operations {
            if operation.key().id.len() > Key::LONGEST {
                return refuse("a key is too long");
            }
            let value = match operation {
                Operation::Put { value, .. } | Operation::Reseal { value, .. } => value.len(),
                _ => 0,
            };
            if value > Self::LARGEST_VALUE {
                return refuse("a value is too large");
            }
            if !matches!(operation, Operation::Require { .. }) && !written.insert(operation.key()) {
                return refuse("it writes a key twice");
            }
        }
        if self.appends.iter().any(|append| Kind::stored(append.log).is_none()) {
            return refuse("a log has no valid name");
        }
        if self.appends.iter().any(|append| append.payload.len() > Self::LARGEST_VALUE) {
            return refuse("a payload is too large");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

//! What a port stages: conditional writes that the driver commits together with the run.

use std::fmt;

use jiff::Timestamp;

use crate::fact::Fact;

/// What must be true of a record for the commit to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// There is none.
    Absent,
    /// It stands at this version.
    Version(u64),
}

/// One staged write. Either all writes of a commit happen or none.
#[derive(Clone)]
pub enum Write {
    /// Puts a record.
    Put {
        /// The record's kind.
        kind: &'static str,
        /// Its key within kind and tenant.
        id: Vec<u8>,
        /// What must be true.
        expected: Expected,
        /// The bytes, which the store seals.
        value: Vec<u8>,
        /// When it may be erased.
        expires_at: Option<Timestamp>,
    },
    /// Removes a record.
    Delete {
        /// The record's kind.
        kind: &'static str,
        /// Its key within kind and tenant.
        id: Vec<u8>,
        /// What must be true.
        expected: Expected,
    },
    /// Changes nothing but makes the commit depend on a record.
    Require {
        /// The record's kind.
        kind: &'static str,
        /// Its key within kind and tenant.
        id: Vec<u8>,
        /// What must be true.
        expected: Expected,
    },
    /// Appends to the audit trail.
    Record(Fact),
}

impl fmt::Debug for Write {
    /// Names the record and hides its bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { kind, expected, .. } => write!(f, "Put({kind}, {expected:?})"),
            Self::Delete { kind, expected, .. } => write!(f, "Delete({kind}, {expected:?})"),
            Self::Require { kind, expected, .. } => write!(f, "Require({kind}, {expected:?})"),
            Self::Record(fact) => f.debug_tuple("Record").field(fact).finish(),
        }
    }
}

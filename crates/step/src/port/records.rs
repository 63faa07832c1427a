//! The port behind a step's own records: what a step has kept, it can read again.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{Expected, PortError, Scope};

/// Reads the records that steps have staged. They are written by [`Context::stage`](crate::Context::stage) alone, so that
/// nothing is kept that the run does not commit.
#[async_trait]
pub trait Records: Send + Sync {
    /// The record of this kind and id within the tenant of the scope; none if there is none or it has expired.
    ///
    /// # Errors
    /// When the record cannot be read, or the kind is none of a step's.
    async fn read(&self, scope: &Scope, kind: &'static str, id: &[u8]) -> Result<Option<Found>, PortError>;
}

/// A record as it was found.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// Its version: what a write must expect so that nobody else's is lost.
    pub version: u64,
    /// The bytes.
    pub value: Vec<u8>,
    /// When it may be erased.
    pub expires_at: Option<Timestamp>,
}

impl Found {
    /// That the record still is as it was found.
    #[must_use]
    pub const fn expected(&self) -> Expected {
        Expected::Version(self.version)
    }
}

impl fmt::Debug for Found {
    /// Hides the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("version", &self.version)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

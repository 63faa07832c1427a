//! Versioned records and hash-chained logs, committed together on condition and sealed at rest.
//!
//! Callers work through [`Vault`]: it seals every value and log payload before a [`Store`] sees it, and refuses what was
//! altered, moved or put back. [`RedbStore`] keeps a store in one file, [`MemoryStore`] in memory; both (like
//! any other store) pass the [`conformance`] suite.
//!
//! # What sealing proves, and what it cannot
//!
//! A value opens only under the tenant, kind, key, version and times with which it was sealed, so bytes cannot be edited,
//! moved to another row or given a later expiry. Versions start again at 1 when a key is made anew; a random generation
//! beside them would add nothing, because whoever can put back a whole row (value *and* version) can put that back too.
//! That a whole file was put back is found only by an anchor outside it: [`Vault::verify_log`] gives one, and
//! [`Vault::holds_anchor`] asks for it later.

mod batch;
mod clock;
pub mod conformance;
mod error;
mod frame;
pub mod keys;
mod log;
#[cfg(test)]
mod meddler;
mod memory;
mod record;
mod redb;
mod reseal;
mod seal;
mod segment;
mod store;
mod sweep;
mod vault;
mod verify;
mod watch;

pub use batch::{Append, Batch, Expect, Operation};
pub use clock::{ManualClock, SystemClock, WallClock};
pub use error::{CommitError, KeyError, NameError, StoreError};
pub use keys::{KeyFile, KeyId, KeyRing};
pub use log::{Appended, Entry, Head, WriterId, entry_hash};
pub use memory::MemoryStore;
pub use record::{Due, DueKind, Key, Kind, Record, TenantId};
pub use redb::RedbStore;
pub use reseal::{Census, census, reseal_all};
pub use store::{Committed, Store};
pub use sweep::{Swept, sweep};
pub use vault::Vault;
pub use verify::{Anchor, Finding, FindingKind, Verified};
pub use watch::CommitEnd;

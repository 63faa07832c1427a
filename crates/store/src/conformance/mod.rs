//! A store comes in, every promise of the contract that it breaks goes out.
//!
//! Whoever writes a [`Store`] runs this suite against it, as this crate does with its own:
//!
//! ```
//! # use std::sync::Arc;
//! # use wayfarer_store::{ManualClock, MemoryStore, Store, StoreError, conformance};
//! struct Memory(ManualClock);
//!
//! #[async_trait::async_trait]
//! impl conformance::Subject for Memory {
//!     async fn fresh(&self) -> Result<Arc<dyn Store>, StoreError> {
//!         Ok(Arc::new(MemoryStore::new(self.0.clone())?))
//!     }
//!     async fn turn_clock(&self, by: jiff::SignedDuration) {
//!         self.0.advance(by);
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let failures = conformance::run(&Memory(ManualClock::default())).await;
//! assert!(failures.is_empty(), "{failures:#?}");
//! # }
//! ```

use std::{error::Error, sync::Arc};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::{
    batch::{Batch, Expect},
    error::{CommitError, StoreError},
    record::{Key, Kind, TenantId},
    store::Store,
};

mod commits;
mod logs;
mod records;
mod restart;
mod time;

/// The store under test.
#[async_trait]
pub trait Subject: Send + Sync {
    /// A new, empty store. Its wall clock stands still until [`turn_clock`](Self::turn_clock).
    ///
    /// # Errors
    /// Those of the store; every check then fails.
    async fn fresh(&self) -> Result<Arc<dyn Store>, StoreError>;

    /// Turns the wall clock of the stores on; back for a negative duration.
    async fn turn_clock(&self, by: SignedDuration);

    /// Closes the store, the newest that [`fresh`](Self::fresh) or this gave, and opens its data again; nothing if it does
    /// not outlive the handle, which is what is assumed.
    ///
    /// # Errors
    /// Those of the store.
    async fn reopen(&self, store: Arc<dyn Store>) -> Result<Option<Arc<dyn Store>>, StoreError> {
        drop(store);
        Ok(None)
    }
}

/// A promise that was broken.
#[derive(Debug)]
pub struct Failure {
    /// Which.
    pub check: &'static str,
    /// How.
    pub reason: String,
}

/// Runs every check, each on a fresh store; gives those that failed. Needs a tokio runtime.
pub async fn run(subject: &dyn Subject) -> Vec<Failure> {
    let mut failures = Vec::new();
    macro_rules! check {
        ($($room:ident :: $check:ident),* $(,)?) => {$(
            if let Err(reason) = Box::pin($room::$check(subject)).await {
                let check = concat!(stringify!($room), "::", stringify!($check));
                failures.push(Failure { check, reason: reason.to_string() });
            }
        )*};
    }
    check![
        records::what_is_put_is_read,
        records::versions_count_from_one,
        records::tenants_and_kinds_are_apart,
        records::a_scan_is_ordered_and_paged,
        records::a_walk_sees_every_record_once,
        records::a_reseal_changes_the_bytes_alone,
        commits::a_condition_that_does_not_hold_names_its_key,
        commits::a_batch_is_all_or_nothing,
        commits::conditions_see_the_state_before_the_batch,
        commits::a_contradictory_batch_is_refused,
        commits::a_conflict_fails_alone,
        commits::no_update_is_lost,
        time::an_expired_record_is_absent,
        time::a_purge_erases_only_what_has_expired,
        time::due_comes_in_order_of_time,
        time::due_follows_the_record,
        time::what_has_expired_wakes_nobody,
        time::now_never_goes_back,
        logs::entries_are_chained_without_gaps,
        logs::logs_and_tenants_are_apart,
        logs::a_failed_batch_appends_nothing,
        logs::a_log_is_read_in_pages,
        logs::concurrent_appends_leave_no_gap,
        logs::logs_are_listed_in_pages,
        restart::everything_is_kept,
    ];
    failures
}

/// What a check gives: an error of the store, or the promise that it broke.
type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Ends the check with a reason unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($reason:tt)+) => {
        if !$condition {
            return Err(format!($($reason)+).into());
        }
    };
}
/// Ends the check with both values unless they are equal.
macro_rules! ensure_eq {
    ($found:expr, $expected:expr, $what:literal) => {
        // A match keeps what the operands borrow from alive.
        match (&$found, &$expected) {
            (found, expected) if found != expected => {
                return Err(format!("{}: found {found:?}, expected {expected:?}", $what).into());
            }
            _ => {}
        }
    };
}
use {ensure, ensure_eq};

const THING: Kind = Kind::new("thing");

fn tenant(name: &str) -> Result<TenantId, StoreError> {
    TenantId::new(name).map_err(|_| StoreError::Refused { reason: "the suite has a bad tenant" })
}

/// A key of the default tenant.
fn key(id: impl Into<Vec<u8>>) -> Key {
    Key::new(&TenantId::default(), THING, id)
}

/// A batch that puts a value without any moment.
fn put(key: Key, expect: Expect, value: &[u8]) -> Batch {
    Batch::new().put(key, expect, value.to_vec(), None, None)
}

/// A batch that puts an empty value with its moments.
fn timed(key: Key, expect: Expect, expires_at: Option<Timestamp>, wake_at: Option<Timestamp>) -> Batch {
    Batch::new().put(key, expect, Vec::new(), expires_at, wake_at)
}

/// The key whose condition did not hold; nothing for any other result.
fn conflict<T>(result: Result<T, CommitError>) -> Option<Key> {
    match result {
        Err(CommitError::Conflict { key }) => Some(key),
        _ => None,
    }
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

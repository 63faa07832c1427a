//! A fake of the records port: what steps stage comes in, and is there for the next one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::port::{Found, Records};
use crate::{Expected, PortError, Scope, Write};

/// Records in memory, at a time that a test moves.
#[derive(Debug, Default)]
pub struct FakeRecords(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    now: Timestamp,
    records: HashMap<(&'static str, Vec<u8>), Found>,
    /// The newest version of those that were removed: a version never comes again.
    last: u64,
}

impl FakeRecords {
    /// Says what time it is: what has expired by then is gone.
    pub fn at(&self, now: Timestamp) {
        self.lock().now = now;
    }

    /// Carries out what was staged, all of it or nothing. Says whether every expectation held.
    pub fn commit(&self, writes: &[Write]) -> bool {
        let mut inner = self.lock();
        let holds = |write: &Write| match write {
            Write::Put { kind, id, expected, .. }
            | Write::Delete { kind, id, expected }
            | Write::Require { kind, id, expected } => {
                let found = inner.live(kind, id).map_or(Expected::Absent, |found| found.expected());
                found == *expected
            }
            Write::Record(_) => true,
        };
        if !writes.iter().all(holds) {
            return false;
        }
        for write in writes {
            match write {
                Write::Put { kind, id, value, expires_at, .. } => {
                    inner.last += 1;
                    let found = Found { version: inner.last, value: value.clone(), expires_at: *expires_at };
                    inner.records.insert((*kind, id.clone()), found);
                }
                Write::Delete { kind, id, .. } => {
                    inner.records.remove(&(*kind, id.clone()));
                }
                Write::Require { .. } | Write::Record(_) => {}
            }
        }
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn live(&self, kind: &'static str, id: &[u8]) -> Option<&Found> {
        let found = self.records.get(&(kind, id.to_vec()))?;
        found.expires_at.is_none_or(|expires_at| self.now < expires_at).then_some(found)
    }
}

#[async_trait]
impl Records for FakeRecords {
    async fn read(&self, _: &Scope, kind: &'static str, id: &[u8]) -> Result<Option<Found>, PortError> {
        Ok(self.lock().live(kind, id).cloned())
    }
}

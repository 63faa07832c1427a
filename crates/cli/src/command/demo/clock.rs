//! The time of this machine comes in; the same goes out, put forward by as much as was asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use wayfarer::store::{SystemClock, WallClock};

/// The machine's clock, which may be put forward; clones show the same time.
#[derive(Clone, Default)]
pub(super) struct Forward(Arc<AtomicI64>);

impl Forward {
    /// Puts it forward.
    pub(super) fn by(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl WallClock for Forward {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now();
        now.checked_add(SignedDuration::from_secs(self.0.load(Ordering::SeqCst))).unwrap_or(now)
    }
}

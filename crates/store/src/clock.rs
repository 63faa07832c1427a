//! Wall-clock time comes in; time that never goes back goes out.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// Where a store gets the time of day.
pub trait WallClock: Send + Sync + 'static {
    /// The time of day; it may jump either way.
    fn now(&self) -> Timestamp;
}

impl<C: WallClock + ?Sized> WallClock for Arc<C> {
    fn now(&self) -> Timestamp {
        C::now(self)
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl WallClock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is told otherwise; clones share their time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows `at`, in whole microseconds.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// Moves the clock on, or back for a negative duration.
    pub fn advance(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    /// Sets the clock, backwards too.
    pub fn set(&self, to: Timestamp) {
        self.0.store(to.as_microsecond(), Ordering::SeqCst);
    }
}

/// Shows 2026-01-01T00:00:00Z.
impl Default for ManualClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(1_767_225_600_000_000)))
    }
}

impl WallClock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}

/// A store's time: the later of what it has shown before and the wall clock.
pub(crate) struct Time {
    clock: Arc<dyn WallClock>,
    latest: AtomicI64,
}

impl Time {
    /// Goes on from `latest`, the last time that was stored.
    pub(crate) fn new(clock: Arc<dyn WallClock>, latest: Timestamp) -> Self {
        Self { clock, latest: AtomicI64::new(latest.as_microsecond()) }
    }

    /// The time, in whole microseconds.
    pub(crate) fn now(&self) -> Timestamp {
        let wall = self.clock.now();
        let before = self.latest.fetch_max(wall.as_microsecond(), Ordering::SeqCst);
        whole_microseconds(Timestamp::from_microsecond(before).unwrap_or(wall).max(wall))
    }
}

/// Cuts what is finer than a microsecond: the resolution that every store can keep.
pub(crate) fn whole_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests;

//! Keys come in; how much of its rate each has used goes out, of a bounded number of keys.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock;
use governor::nanos::Nanos;
use governor::state::StateStore;
use tokio::time::Instant;

/// More keys than this have no place of their own: further ones share one, until old ones have rested.
pub(super) const MOST: usize = 65_536;

/// The time since the server was put together.
#[derive(Clone, Copy)]
pub(super) struct Clock(Instant);

impl Clock {
    pub(super) fn new() -> Self {
        Self(now())
    }
}

impl clock::Clock for Clock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        now().saturating_duration_since(self.0)
    }
}

#[expect(clippy::disallowed_methods, reason = "how often callers come is the rim's own affair")]
fn now() -> Instant {
    Instant::now()
}

/// What is kept of each key. A clone is the same.
pub(super) struct Table<K>(Arc<Inner<K>>);

struct Inner<K> {
    clock: Clock,
    /// After a rest so long a key is as good as new.
    rest: Duration,
    kept: Mutex<Kept<K>>,
}

struct Kept<K> {
    keys: HashMap<K, Used>,
    /// Of all keys that have no place.
    shared: Option<Nanos>,
    swept: Duration,
}

struct Used {
    state: Nanos,
    last: Duration,
}

impl<K> Clone for Table<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Hash + Eq + Clone> Table<K> {
    pub(super) fn new(clock: Clock, rest: Duration) -> Self {
        let kept = Kept { keys: HashMap::new(), shared: None, swept: Duration::ZERO };
        Self(Arc::new(Inner { clock, rest, kept: Mutex::new(kept) }))
    }

    /// The key is as good as new.
    pub(super) fn forget(&self, key: &K) {
        self.kept().keys.remove(key);
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept<K>> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq + Clone> StateStore for Table<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let now = clock::Clock::now(&self.0.clock);
        let mut kept = self.kept();
        let kept = &mut *kept;
        // It is looked through once a rest: a table full of keys that are busy costs nobody time.
        if kept.keys.len() >= MOST && now >= kept.swept.saturating_add(self.0.rest) {
            kept.keys.retain(|_, used| now < used.last.saturating_add(self.0.rest));
            kept.swept = now;
        }
        if let Some(used) = kept.keys.get_mut(key) {
            let (outcome, state) = f(Some(used.state))?;
            *used = Used { state, last: now };
            return Ok(outcome);
        }
        if kept.keys.len() >= MOST {
            let (outcome, state) = f(kept.shared)?;
            kept.shared = Some(state);
            return Ok(outcome);
        }
        let (outcome, state) = f(None)?;
        kept.keys.insert(key.clone(), Used { state, last: now });
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests;

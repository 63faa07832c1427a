//! The moment at which a request came comes in; its answer may go out at the next beat, so that its time tells nothing.
//!
//! Whatever is found about a code, the engine makes the same reads and as many commits. What is left is how much is written in
//! them, and that can be measured by a patient stranger. Between two beats all of it is the same (R39).

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Marks an answer about a secret that was not accepted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beat;

/// Waits for the next multiple of the beat after a request came.
pub(crate) async fn beat(came: Instant, every: Duration) {
    if let Some(at) = next(came, now(), every) {
        until(at).await;
    }
}

/// The next beat; none if there is no beat.
fn next(came: Instant, now: Instant, every: Duration) -> Option<Instant> {
    let taken = now.saturating_duration_since(came).as_nanos();
    let beats = u32::try_from(taken.checked_div(every.as_nanos())? + 1).ok()?;
    came.checked_add(every.checked_mul(beats)?)
}

#[expect(clippy::disallowed_methods, reason = "when an answer may leave is the rim's own affair")]
async fn until(at: Instant) {
    sleep_until(at).await;
}

#[expect(clippy::disallowed_methods, reason = "when a request came is the rim's own affair")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;

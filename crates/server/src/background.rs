//! An engine comes in; what is due in it is done from time to time, until it is time to stop.

use std::time::Duration;

use tokio::time::MissedTickBehavior;
use wayfarer_engine::Engine;

use crate::stop::Stop;

/// What is done of each kind in one go.
const MOST: usize = 256;

/// Ticks the engine. What has begun when it is time to stop is done to its end.
pub(crate) async fn background(engine: Engine, every: Duration, mut stop: Stop) {
    let mut moments = moments(every);
    loop {
        tokio::select! {
            () = stop.wanted() => return,
            _ = moments.tick() => {}
        }
        match engine.tick(MOST).await {
            Ok(ticked) if ticked == wayfarer_engine::Ticked::default() => {}
            Ok(ticked) => tracing::debug!(?ticked, "did what was due"),
            // What is due stays due.
            Err(error) => tracing::warn!(code = error.code(), "what is due cannot be done now"),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "here the waits of all runs are looked at")]
fn moments(every: Duration) -> tokio::time::Interval {
    let mut moments = tokio::time::interval(every);
    moments.set_missed_tick_behavior(MissedTickBehavior::Delay);
    moments
}

#[cfg(test)]
mod tests;

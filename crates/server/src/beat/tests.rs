use std::time::Duration;

use tokio::time::advance;

use super::{beat, next, now};

const EVERY: Duration = Duration::from_millis(25);

#[tokio::test(start_paused = true)]
async fn r39_what_took_different_times_leaves_at_the_same_moment() {
    for (taken, leaves) in [(0, 25), (1, 25), (24, 25), (25, 50), (26, 50), (130, 150)] {
        let came = now();
        advance(Duration::from_millis(taken)).await;
        beat(came, EVERY).await;
        assert_eq!(came.elapsed(), Duration::from_millis(leaves), "{taken}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_beat_nothing_waits() {
    let came = now();
    beat(came, Duration::ZERO).await;
    assert_eq!(came.elapsed(), Duration::ZERO);
    assert_eq!(next(came, came, Duration::MAX), None, "a beat that is never is none");
}

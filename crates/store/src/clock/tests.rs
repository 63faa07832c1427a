use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{ManualClock, Time, WallClock};

#[test]
fn clones_of_a_manual_clock_share_their_time() {
    let clock = ManualClock::default();
    assert_eq!(clock.now().to_string(), "2026-01-01T00:00:00Z");
    let other = clock.clone();
    other.advance(SignedDuration::from_secs(90));
    assert_eq!(clock.now().to_string(), "2026-01-01T00:01:30Z");
}

#[test]
fn time_never_goes_back() {
    let clock = ManualClock::default();
    let start = clock.now();
    let time = Time::new(Arc::new(clock.clone()), Timestamp::UNIX_EPOCH);
    assert_eq!(time.now(), start);
    clock.advance(SignedDuration::from_secs(-60));
    assert_eq!(time.now(), start);
    clock.advance(SignedDuration::from_secs(61));
    assert_eq!(time.now(), start + SignedDuration::from_secs(1));
}

#[test]
fn time_goes_on_from_what_was_stored() {
    let clock = ManualClock::default();
    let stored = clock.now() + SignedDuration::from_hours(1);
    assert_eq!(Time::new(Arc::new(clock), stored).now(), stored);
}

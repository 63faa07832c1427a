use std::num::NonZeroU32;
use std::time::Duration;

use tokio::time::advance;

use super::super::{Keyed, Rate};
use super::{Clock, MOST};

#[tokio::test(start_paused = true)]
async fn r43_keys_are_bounded_and_what_has_no_place_shares_one() {
    let one = NonZeroU32::MIN;
    let limit = Keyed::new(Rate::new(one, one), Clock::new());
    for key in 0..MOST {
        assert!(limit.count(&key).is_ok());
    }
    assert!(limit.count(&MOST).is_ok());
    assert!(limit.count(&(MOST + 1)).is_err(), "the shared place is used");
    assert!(limit.count(&0).is_err(), "a known key keeps its own");
    assert_eq!(limit.table.kept().keys.len(), MOST);
    advance(Duration::from_secs(61)).await;
    assert!(limit.count(&(MOST + 1)).is_ok());
    assert_eq!(limit.table.kept().keys.len(), 1, "what has rested makes room");
}

use std::time::Duration;

use tokio::time::advance;

use super::{Rates, Throttle, rate};
use crate::address::Address;
use crate::refusal::Refusal;

fn from(last: u8) -> Address {
    Address(Some([192, 0, 2, last].into()))
}

#[track_caller]
fn seconds(refused: &Result<(), Refusal>) -> u64 {
    assert!(matches!(refused, Err(Refusal::TooMany(_))), "{refused:?}");
    if let Err(Refusal::TooMany(wait)) = refused { wait.as_secs() } else { 0 }
}

#[tokio::test(start_paused = true)]
async fn r43_each_address_has_its_own_rate_and_all_have_one_together() {
    let throttle = Throttle::new(&Rates { address: rate(6, 2), global: rate(60, 3), ..Rates::none() });
    assert!(throttle.request(from(1)).is_ok() && throttle.request(from(1)).is_ok());
    assert_eq!(seconds(&throttle.request(from(1))), 10);
    assert!(throttle.request(from(2)).is_ok(), "what was refused did not count for all");
    assert_eq!(seconds(&throttle.request(from(3))), 1, "of all together");
    advance(Duration::from_secs(10)).await;
    assert!(throttle.request(from(1)).is_ok());
    assert!(throttle.request(from(1)).is_err());
}

#[tokio::test(start_paused = true)]
async fn r62_guesses_of_a_secret_are_few_and_keep_nobody_else_out() {
    let throttle = Throttle::new(&Rates { secrets: rate(1, 3), ..Rates::none() });
    for _ in 0..3 {
        assert!(throttle.secret("support", from(1)).is_ok());
    }
    assert_eq!(seconds(&throttle.secret("support", from(1))), 60);
    assert!(throttle.secret("support", from(2)).is_ok(), "the client itself, elsewhere");
    assert!(throttle.secret("other", from(1)).is_ok());
    for _ in 0..10 {
        assert!(throttle.secret("support", from(2)).is_ok());
        throttle.secret_was_right("support", from(2));
    }
}

#[tokio::test(start_paused = true)]
async fn without_limits_nothing_is_counted() {
    let throttle = Throttle::new(&Rates::none());
    for _ in 0..10_000 {
        assert!(throttle.request(from(1)).is_ok());
    }
}

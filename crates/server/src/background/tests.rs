#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio::time::timeout;
use wayfarer::{ManualClock, Wayfarer};

use super::background;
use crate::stop::stop;

const WAITS: &str = include_str!("../../../../journeys/hand_over_start.yaml");

#[tokio::test]
async fn a_run_whose_time_has_come_goes_on_though_nobody_calls() {
    let clock = ManualClock::default();
    let host = Wayfarer::in_memory().clock(clock.clone()).journey("waits.yaml", WAITS).open().await.unwrap();
    let run = host.start("hand_over_start", json!({ "device_name": "Kiosk" })).await.unwrap().run;
    let (stopper, stop) = stop();
    let ticking = tokio::spawn(background(host.engine().clone(), Duration::from_millis(1), stop));
    let status = async || host.engine().run(host.tenant(), run).await.unwrap().unwrap().status;
    assert_eq!(status().await, "waiting");
    clock.advance(SignedDuration::from_secs(301));
    let over = async {
        while status().await == "waiting" {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(60), over).await.unwrap();
    assert_eq!(status().await, "rejected");
    stopper.stop();
    timeout(Duration::from_secs(60), ticking).await.unwrap().unwrap();
}

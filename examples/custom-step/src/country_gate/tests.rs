#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use serde_json::json;
use wayfarer::step::AnyReply;
use wayfarer::step::testing::Bench;

use super::CountryGate;

#[tokio::test]
async fn each_country_takes_its_exit() {
    for (country, expected) in [("NL", "allowed"), (" nl ", "allowed"), ("US", "blocked"), ("Narnia", "unknown")] {
        let params = json!({ "country": country, "allowed": ["NL", "BE"] });
        let AnyReply::Done { exit, .. } = Bench::default().enter(&CountryGate, params).await.unwrap() else {
            panic!("this step never waits")
        };
        assert_eq!(exit, expected, "{country}");
    }
}

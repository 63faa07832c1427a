//! The request of the benches, 1.2 KB of JSON, goes out in the forms in which each engine takes it.

use serde_json::{Value as Json, json};

/// Whoever risks more than 70 and comes from one of two countries; both sides of `&&` are looked at.
pub(crate) const CONDITION: &str =
    r#"@policy.request().params.risk_score > 70 && @std.contains(["US", "CA"], @policy.request().params.country)"#;
/// The same in the languages of the peers, where `policy.request` is an object.
pub(crate) const CONDITION_OF_PEERS: &str =
    "policy.request.params.risk_score > 70 && policy.request.params.country in ['US', 'CA']";
/// The same for zen-expression, which writes `and`.
pub(crate) const CONDITION_OF_ZEN: &str =
    "policy.request.params.risk_score > 70 and policy.request.params.country in ['US', 'CA']";
/// One path.
pub(crate) const PATH: &str = "@policy.request().params.external_user_id";
/// The same in the languages of the peers.
pub(crate) const PATH_OF_PEERS: &str = "policy.request.params.external_user_id";

/// The parameters of the request.
pub(crate) fn parameters() -> Json {
    json!({
        "external_user_id": "b1f6c2d4-user-000123456",
        "risk_score": 83,
        "country": "CA",
        "city": "Vancouver",
        "device_id": "dev-7f3a9c21e0b84d55",
        "device_trusted": false,
        "ip": "203.0.113.77",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
        "locale": "en-CA",
        "amount": 1249.95,
        "currency": "CAD",
        "attempts": 2,
        "channel": "web",
        "campaign": "spring-recovery-2026",
        "support_case": "CASE-2026-004711",
    })
}

/// What the peers read: the request stands under both names by which journeys know it.
pub(crate) fn context() -> Json {
    json!({ "policy": { "request": { "params": parameters() } }, "request": { "params": parameters() } })
}

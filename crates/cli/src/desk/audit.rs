//! Questions about the audit trail come in; its facts go out, or whether it is whole.

use anyhow::Result;
use serde::Deserialize;
use wayfarer::identity::{AuditPage, AuditQuery};

use super::Desk;
use super::remote::segment;

/// Whether the trail is whole.
#[derive(Deserialize)]
pub(crate) struct Verdict {
    pub(crate) whole: bool,
    pub(crate) entries: u64,
    pub(crate) segments: u64,
    #[serde(rename = "faults")]
    pub(crate) findings: Vec<String>,
}

/// The most that a server gives at once.
const PAGE: usize = 200;

impl Desk {
    /// Some facts, oldest first.
    pub(crate) async fn audit(&self, query: &AuditQuery) -> Result<AuditPage> {
        let server = match self {
            Self::Store(host) => return Ok(host.wayfarer.identity().audit(host.tenant(), query).await?),
            Self::Server(server) => server,
        };
        let after = query.after.map(|after| after.to_string());
        let filters = [("user_id", &query.user), ("run_id", &query.run), ("name", &query.name), ("after", &after)];
        let filters = filters.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let asked = filters
            .fold(format!("/audit?limit={PAGE}"), |asked, (name, value)| format!("{asked}&{name}={}", segment(value)));
        server.get(&asked).await
    }

    /// Holds the trail against its chain.
    pub(crate) async fn verify_audit(&self) -> Result<Verdict> {
        match self {
            Self::Store(host) => {
                let seen = host.wayfarer.identity().verify_audit(host.tenant()).await?;
                let findings = seen.findings.iter().map(ToString::to_string).collect();
                Ok(Verdict { whole: seen.is_intact(), entries: seen.entries, segments: seen.segments, findings })
            }
            Self::Server(server) => server.get("/audit/verify").await,
        }
    }
}

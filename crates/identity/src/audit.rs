//! A question comes in; the facts of the audit trail that answer it go out, and whether the trail is whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wayfarer_step::{Fact, Write};
use wayfarer_store::{TenantId, Verified};

use crate::record::AUDIT;
use crate::{Identity, IdentityError};

/// Which facts are asked for; what is not said does not matter.
#[derive(Clone, Debug)]
pub struct AuditQuery {
    /// About this user id.
    pub user: Option<String>,
    /// About this run.
    pub run: Option<String>,
    /// Of this name, or of this family if it ends with a dot: `tempcode.verified`, `tempcode.`.
    pub name: Option<String>,
    /// Not before this moment.
    pub since: Option<Timestamp>,
    /// Beyond this position: [`AuditPage::next`] of the call before.
    pub after: Option<u64>,
    /// At most so many.
    pub limit: usize,
}

impl Default for AuditQuery {
    fn default() -> Self {
        Self { user: None, run: None, name: None, since: None, after: None, limit: 100 }
    }
}

/// A fact with its place in the trail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its place in the tenant's trail.
    pub position: u64,
    /// Its place in its writer's chain, without gaps.
    pub sequence: u64,
    /// When it was committed.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
}

/// An answer, oldest fact first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditPage {
    /// The facts.
    pub entries: Vec<AuditEntry>,
    /// Where to go on, if not everything was looked at.
    #[serde(default)]
    pub next: Option<u64>,
}

/// How many entries are read at once, and how many at most for one answer.
const PAGE: usize = 500;
const BUDGET: usize = 100_000;

impl Identity {
    /// Looks through the audit trail.
    ///
    /// # Errors
    /// When the store fails or an entry cannot be read.
    pub async fn audit(&self, tenant: &TenantId, query: &AuditQuery) -> Result<AuditPage, IdentityError> {
        let mut entries = Vec::new();
        let mut after = query.after;
        for _ in 0..BUDGET / PAGE {
            let page = self.vault().read_log(tenant, AUDIT, after, PAGE).await?;
            let last = page.len() < PAGE;
            for entry in page {
                if entries.len() >= query.limit {
                    return Ok(AuditPage { entries, next: after });
                }
                after = Some(entry.position);
                let fact =
                    serde_json::from_slice(&entry.payload).map_err(|_| IdentityError::Damaged { kind: AUDIT })?;
                if query.asks_for(&fact, entry.at) {
                    let (position, sequence, at) = (entry.position, entry.sequence, entry.at);
                    entries.push(AuditEntry { position, sequence, at, fact });
                }
            }
            if last {
                return Ok(AuditPage { entries, next: None });
            }
        }
        Ok(AuditPage { entries, next: after })
    }

    /// Records facts of the caller's own; they hold no secret.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn record(&self, tenant: &TenantId, facts: Vec<Fact>) -> Result<(), IdentityError> {
        // A batch without conditions does not conflict.
        self.commit(tenant, facts.into_iter().map(Write::Record).collect()).await.map(|_| ())
    }

    /// Whether the audit trail is whole: no entry changed, missing, moved or cut off (R118).
    ///
    /// # Errors
    /// When the store fails. What is not whole is a finding, not an error.
    pub async fn verify_audit(&self, tenant: &TenantId) -> Result<Verified, IdentityError> {
        Ok(self.vault().verify_log(tenant, AUDIT).await?)
    }
}

impl AuditQuery {
    fn asks_for(&self, fact: &Fact, at: Timestamp) -> bool {
        let name =
            |name: &String| if name.ends_with('.') { fact.name.starts_with(name.as_str()) } else { fact.name == *name };
        self.user.as_deref().is_none_or(|user| fact.subject.as_deref() == Some(user))
            && self.run.as_deref().is_none_or(|run| fact.run.as_deref() == Some(run))
            && self.name.as_ref().is_none_or(name)
            && self.since.is_none_or(|since| at >= since)
    }
}

#[cfg(test)]
mod tests;

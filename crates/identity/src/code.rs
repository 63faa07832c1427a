//! Codes: issued, taken back, looked at. What became of one goes out, never the code.

mod digits;
mod issue;
mod lifetime;
mod record;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_step::{Actor, Fact, Method, Write};
use wayfarer_store::TenantId;

pub(crate) use digits::normalise;
pub use issue::{IssueCode, IssuedCode};
pub use lifetime::Lifetime;
pub(crate) use record::{Binding, CodeRecord, CodeState};

use crate::attempt::AttemptsRecord;
use crate::record::{Outcome, TRIES};
use crate::user::UserRef;
use crate::{Identity, IdentityError};

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeStatus {
    /// It can be used.
    Live,
    /// It signed the user in.
    Used,
    /// It died with the last attempt that was allowed.
    Burnt,
    /// It was taken back.
    Revoked,
    /// It ran out.
    Expired,
}

/// The newest code of a user, without the code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeInfo {
    /// Names the code in the audit trail.
    pub code_id: Uuid,
    /// What became of it.
    pub status: CodeStatus,
    /// The application in which it is valid.
    pub application: Arc<str>,
    /// How many digits it has.
    pub length: u8,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends, or ended.
    pub expires_at: Timestamp,
    /// Who issued it.
    pub issued_by: Actor,
}

/// Where a user stands with temporary codes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MethodStatus {
    /// The user.
    pub user_id: Arc<str>,
    /// The newest code, if it is still remembered.
    pub code: Option<CodeInfo>,
    /// How many attempts were counted since the last reset.
    pub attempts: u32,
    /// Until when the method rests.
    pub locked_until: Option<Timestamp>,
    /// How many attempts have failed in a row, over all locks.
    pub consecutive_failures: u32,
    /// Whether the method waits for an administrator (R12).
    pub disabled: bool,
}

impl Identity {
    /// Takes a live code back. Says whether there was one.
    ///
    /// # Errors
    /// For an unknown user, and when the store fails.
    pub async fn revoke_code(&self, tenant: &TenantId, actor: &Actor, user: &UserRef) -> Result<bool, IdentityError> {
        for _ in 0..TRIES {
            let now = self.vault().now().await?;
            let known = self.find(tenant, user).await?.value.ok_or(IdentityError::UnknownUser)?;
            let writes = self.revocation(tenant, actor, &known.user_id, now).await?;
            if writes.is_empty() {
                return Ok(false);
            }
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(true);
            }
        }
        Err(IdentityError::Busy)
    }

    /// Where a user stands with temporary codes.
    ///
    /// # Errors
    /// For an unknown user, and when the store fails.
    pub async fn code_status(&self, tenant: &TenantId, user: &UserRef) -> Result<MethodStatus, IdentityError> {
        let known = self.find(tenant, user).await?.value.ok_or(IdentityError::UnknownUser)?;
        let now = self.vault().now().await?;
        let attempts = AttemptsRecord::load(self.vault(), tenant, &known.user_id, &Method::TEMP_CODE).await?;
        let attempts = attempts.value.unwrap_or_default().at(now);
        let code = CodeRecord::load(self.vault(), tenant, &known.user_id, &Method::TEMP_CODE).await?;
        Ok(MethodStatus {
            user_id: known.user_id,
            code: code.value.map(|code| info(code, now)),
            attempts: attempts.count(),
            locked_until: attempts.locked_until(),
            consecutive_failures: attempts.consecutive(),
            disabled: attempts.is_disabled(),
        })
    }

    /// The writes that take a live code back; none if there is none.
    pub(crate) async fn revocation(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        user_id: &str,
        now: Timestamp,
    ) -> Result<Vec<Write>, IdentityError> {
        let loaded = CodeRecord::load(self.vault(), tenant, user_id, &Method::TEMP_CODE).await?;
        let Some(code) = loaded.value.as_ref().filter(|code| code.is_live(now)) else {
            return Ok(Vec::new());
        };
        let revoked = CodeRecord { state: CodeState::Revoked { at: now }, ..code.clone() };
        let fact = code_fact("tempcode.revoked", actor, code);
        Ok(vec![loaded.put(&revoked, revoked.erase_at())?, Write::Record(fact)])
    }
}

pub(crate) fn code_fact(name: &'static str, actor: &Actor, code: &CodeRecord) -> Fact {
    let mut fact = Fact::new(name, actor.clone())
        .subject(code.user_id.clone())
        .detail("code_id", code.code_id.to_string())
        .detail("purpose", Method::TEMP_CODE.as_str());
    fact.application = Some(code.application.clone());
    fact
}

fn info(code: CodeRecord, now: Timestamp) -> CodeInfo {
    let status = match code.state {
        CodeState::Live if now < code.expires_at => CodeStatus::Live,
        CodeState::Live => CodeStatus::Expired,
        CodeState::Used { .. } => CodeStatus::Used,
        CodeState::Burnt { .. } => CodeStatus::Burnt,
        CodeState::Revoked { .. } => CodeStatus::Revoked,
    };
    CodeInfo {
        code_id: code.code_id,
        status,
        application: code.application,
        length: code.length,
        issued_at: code.issued_at,
        expires_at: code.expires_at,
        issued_by: code.issued_by,
    }
}

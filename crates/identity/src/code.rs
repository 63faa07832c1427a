//! Requests of support come in: a fresh code, taken back, looked at. What goes out is the code, once, and its record.

mod digits;
mod lifetime;
mod record;

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;
use wayfarer_step::{Actor, Fact, Method, Secret, Write};
use wayfarer_store::{TenantId, keys::Purpose};

pub(crate) use digits::normalise;
pub use lifetime::Lifetime;
pub(crate) use record::{Binding, CodeRecord, CodeState};

use crate::attempt::AttemptsRecord;
use crate::record::{Outcome, TRIES};
use crate::user::{User, UserRef};
use crate::{Identity, IdentityError};

/// Asks for a temporary code.
#[derive(Clone, Debug)]
pub struct IssueCode {
    /// The application in which it shall be valid, and nowhere else (R14).
    pub application: Arc<str>,
    /// For whom.
    pub user: UserRef,
    /// How long it shall live; the application's setting if not said.
    pub expires_in: Option<Lifetime>,
    /// What the agent saw that proved who called, such as a case number: at most 128 characters.
    pub evidence: Option<String>,
}

impl IssueCode {
    /// A code for a user in the application `default`.
    #[must_use]
    pub fn new(user: UserRef) -> Self {
        Self { application: Arc::from("default"), user, expires_in: None, evidence: None }
    }

    /// The same in another application.
    #[must_use]
    pub fn application(mut self, id: &str) -> Self {
        self.application = Arc::from(id);
        self
    }

    /// The same with a lifetime of its own.
    #[must_use]
    pub const fn expires_in(mut self, lifetime: Lifetime) -> Self {
        self.expires_in = Some(lifetime);
        self
    }
}

/// A code, at the only moment at which it can be read (R17).
///
/// It cannot be compared by accident (R16):
///
/// ```compile_fail,E0369
/// fn same(one: wayfarer_identity::IssuedCode, other: wayfarer_identity::IssuedCode) -> bool {
///     one.code == other.code
/// }
/// ```
#[derive(Debug)]
pub struct IssuedCode {
    /// The digits.
    pub code: Secret<String>,
    /// Names the code in the audit trail.
    pub code_id: Uuid,
    /// The user.
    pub user_id: Arc<str>,
    /// From this moment on it is not accepted.
    pub expires_at: Timestamp,
    /// How many digits it has.
    pub length: usize,
    /// Whether a code that was still live has died by this.
    pub superseded: bool,
}

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, Serialize)]
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
#[derive(Clone, Debug, Serialize)]
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
    /// Issues a temporary code. An earlier one that is still live dies by it (R15); a lock or a count stays (R11).
    ///
    /// # Errors
    /// For an unknown or disabled user, a method disabled after too many failures, an unknown application, and when the
    /// store or the random source fails.
    pub async fn issue_code(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        request: &IssueCode,
    ) -> Result<IssuedCode, IdentityError> {
        let passcodes = self.applications().get(&request.application)?.one_time_passcodes;
        let lifetime = request.expires_in.unwrap_or_else(|| passcodes.expires_in());
        let length = lifetime.digits(passcodes.length());
        if let Some(evidence) = &request.evidence {
            evidence_fits(evidence)?;
        }
        let method = Method::TEMP_CODE;
        for _ in 0..TRIES {
            let now = self.vault().now().await?;
            let user = self.find(tenant, &request.user).await?;
            let Some(known) = &user.value else {
                return self.deny(tenant, actor, request, None, IdentityError::UnknownUser).await;
            };
            if !known.active {
                return self.deny(tenant, actor, request, Some(known), IdentityError::UserDisabled).await;
            }
            let attempts = AttemptsRecord::load(self.vault(), tenant, &known.user_id, &method).await?;
            if attempts.value.as_ref().is_some_and(AttemptsRecord::is_disabled) {
                return self.deny(tenant, actor, request, Some(known), IdentityError::MethodDisabled).await;
            }
            let before = CodeRecord::load(self.vault(), tenant, &known.user_id, &method).await?;
            let replaced = before.value.as_ref().filter(|code| code.is_live(now));

            let code = digits::generate(self.entropy(), length)?;
            let binding = Binding {
                tenant: tenant.clone(),
                user_id: known.user_id.clone(),
                method: method.clone(),
                application: request.application.clone(),
                code_id: self.random_id()?,
            };
            let expires_at = now
                .checked_add(lifetime.duration())
                .map_err(|_| IdentityError::invalid("expires_in", "reaches beyond the calendar"))?;
            let record = CodeRecord {
                code_id: binding.code_id,
                user_id: known.user_id.clone(),
                application: request.application.clone(),
                tag: binding.tag(self.vault(), code.expose()),
                key: self.vault().keys().of(Purpose::Tag).active().id().to_string(),
                length: u8::try_from(length).unwrap_or(u8::MAX),
                issued_at: now,
                expires_at,
                issued_by: actor.clone(),
                state: CodeState::Live,
            };
            let mut writes = vec![user.require(), before.put(&record, record.erase_at())?];
            if let Some(replaced) = replaced {
                writes.push(Write::Record(code_fact("tempcode.superseded", actor, replaced)));
            }
            let mut issued = code_fact("tempcode.issued", actor, &record)
                .detail("expires_at", expires_at.to_string())
                .detail("digits", length);
            if let Some(evidence) = &request.evidence {
                issued = issued.detail("evidence", evidence.as_str());
            }
            writes.push(Write::Record(issued));
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(IssuedCode {
                    code,
                    code_id: record.code_id,
                    user_id: record.user_id,
                    expires_at,
                    length,
                    superseded: replaced.is_some(),
                });
            }
        }
        Err(IdentityError::Busy)
    }

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

    /// Records that no code was issued, and why.
    async fn deny<T>(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        request: &IssueCode,
        user: Option<&User>,
        why: IdentityError,
    ) -> Result<T, IdentityError> {
        let mut fact = Fact::new("tempcode.denied", actor.clone()).result("refused").reason(why.code());
        fact.application = Some(request.application.clone());
        fact.subject = user.map(|user| user.user_id.clone());
        self.commit(tenant, vec![Write::Record(fact)]).await?;
        Err(why)
    }
}

fn code_fact(name: &'static str, actor: &Actor, code: &CodeRecord) -> Fact {
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

fn evidence_fits(evidence: &str) -> Result<(), IdentityError> {
    let fits = (1..=128).contains(&evidence.chars().count()) && !evidence.chars().any(char::is_control);
    if fits {
        Ok(())
    } else {
        Err(IdentityError::invalid("evidence", "must be 1 to 128 characters without control characters"))
    }
}

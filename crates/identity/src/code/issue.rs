//! A request of support comes in; a fresh code goes out, once, and all that is kept of it is a tag.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_step::{Actor, Fact, Method, Secret, Write};
use wayfarer_store::TenantId;
use wayfarer_store::keys::Purpose;

use super::{Binding, CodeRecord, CodeState, Lifetime, code_fact, digits};
use crate::attempt::AttemptsRecord;
use crate::record::{Outcome, TRIES};
use crate::user::{User, UserRef};
use crate::{Attributes, Identity, IdentityError};

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
    /// What the caller says about who asked, for the audit trail.
    pub attributes: Attributes,
}

impl IssueCode {
    /// A code for a user in the application `default`.
    #[must_use]
    pub fn new(user: UserRef) -> Self {
        Self {
            application: Arc::from("default"),
            user,
            expires_in: None,
            evidence: None,
            attributes: Attributes::default(),
        }
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

    /// The same with what the agent saw.
    #[must_use]
    pub fn evidence(mut self, evidence: &str) -> Self {
        self.evidence = Some(evidence.to_owned());
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

impl Identity {
    /// Issues a temporary code. An earlier one that is still live dies by it (R15); a lock or a count stays (R11).
    ///
    /// # Errors
    /// When the installation asks for more than is said, for an unknown or disabled user, a method disabled after too many failures, an unknown application, and when the
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
        if let Err(refused) = self.applications().issuing().hold(actor, request.evidence.as_deref()) {
            return self.deny(tenant, actor, request, None, refused).await;
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
            writes.push(Write::Record(request.attributes.noted(issued)));
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
        self.commit(tenant, vec![Write::Record(request.attributes.noted(fact))]).await?;
        Err(why)
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

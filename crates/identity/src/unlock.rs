//! An administrator's word comes in; a locked or disabled method is opened again, with a reason in the audit trail.

use wayfarer_step::{Actor, Fact, Method, Write};
use wayfarer_store::TenantId;

use crate::attempt::AttemptsRecord;
use crate::record::{Outcome, TRIES};
use crate::user::UserRef;
use crate::{Identity, IdentityError};

/// Why somebody steps in: 1 to 256 characters that say something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Takes a reason.
    ///
    /// # Errors
    /// When it is empty, longer than 256 characters or holds control characters.
    pub fn new(text: &str) -> Result<Self, IdentityError> {
        Self::of("reason", text)
    }

    /// The same from a field of another name, such as `note`.
    ///
    /// # Errors
    /// As [`new`](Self::new); it names the field.
    pub fn of(field: &'static str, text: &str) -> Result<Self, IdentityError> {
        let text = text.trim();
        if (1..=256).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdentityError::invalid(field, "must be 1 to 256 characters without control characters"))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Identity {
    /// Ends a lock and sets the count to 0. A code that the lock burnt stays burnt; failures in a row still count. Says
    /// whether there was a lock.
    ///
    /// # Errors
    /// For an unknown user, and when the store fails.
    pub async fn unlock(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        user: &UserRef,
        reason: &Reason,
    ) -> Result<bool, IdentityError> {
        let was = |attempts: &AttemptsRecord| attempts.locked_until().is_some();
        self.step_in(tenant, actor, user, reason, "tempcode.unlocked", was, AttemptsRecord::unlocked).await
    }

    /// Enables a method that too many failures in a row have disabled (R12). A lock stays. Says whether it was disabled.
    ///
    /// # Errors
    /// For an unknown user, and when the store fails.
    pub async fn enable_method(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        user: &UserRef,
        reason: &Reason,
    ) -> Result<bool, IdentityError> {
        let was = AttemptsRecord::is_disabled;
        self.step_in(tenant, actor, user, reason, "tempcode.method_enabled", was, AttemptsRecord::enabled).await
    }

    #[expect(clippy::too_many_arguments, reason = "the two callers above differ in exactly the last three")]
    async fn step_in(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        user: &UserRef,
        reason: &Reason,
        name: &'static str,
        applies: impl Fn(&AttemptsRecord) -> bool + Send,
        change: impl Fn(&AttemptsRecord) -> AttemptsRecord + Send,
    ) -> Result<bool, IdentityError> {
        for _ in 0..TRIES {
            let now = self.vault().now().await?;
            let known = self.find(tenant, user).await?.value.ok_or(IdentityError::UnknownUser)?;
            let loaded = AttemptsRecord::load(self.vault(), tenant, &known.user_id, &Method::TEMP_CODE).await?;
            let before = loaded.value.clone().unwrap_or_default().at(now);
            let applied = applies(&before);
            let fact = Fact::new(name, actor.clone())
                .subject(known.user_id)
                .reason(reason.0.as_str())
                .result(if applied { "done" } else { "nothing_to_do" })
                .detail("purpose", Method::TEMP_CODE.as_str())
                .detail("count", before.count());
            let writes = vec![loaded.put(&change(&before), None)?, Write::Record(fact)];
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(applied);
            }
        }
        Err(IdentityError::Busy)
    }
}

#[cfg(test)]
mod tests;

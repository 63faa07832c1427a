//! How often somebody tried: the count, the lock and the failures in a row of one (tenant, user, method).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_step::Method;
use wayfarer_store::{TenantId, Vault};

use crate::IdentityError;
use crate::application::Passcodes;
use crate::record::{Loaded, Stored, id_of};

/// Kept apart from codes, so that neither a new code nor the erasure of an old one resets it (R11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttemptsRecord {
    count: u32,
    consecutive: u32,
    lock: Option<Lock>,
    /// The attempt that reached the cap (R12).
    disabled_by: Option<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lock {
    until: Timestamp,
    /// The attempt that set it: if it turns out right, it may take its own lock away.
    by: Uuid,
}

impl Stored for AttemptsRecord {
    const KIND: &'static str = "attempts";
    const FORMAT: u8 = 1;
}

impl AttemptsRecord {
    pub(crate) async fn load(
        vault: &Vault,
        tenant: &TenantId,
        user_id: &str,
        method: &Method,
    ) -> Result<Loaded<Self>, IdentityError> {
        Loaded::read(vault, tenant, id_of::<Self>(vault, tenant, &[method.as_str(), user_id])?).await
    }

    /// The record as it stands at `now`: a lock that has ended took the count with it. Only stored moments are compared,
    /// so nothing can overflow (KC #30939).
    pub(crate) fn at(mut self, now: Timestamp) -> Self {
        if self.lock.as_ref().is_some_and(|lock| lock.until <= now) {
            self.lock = None;
            self.count = 0;
        }
        self
    }

    /// One more attempt, before anything is compared. The last one that is allowed locks, the last one before the cap
    /// disables: whatever happens afterwards, no further comparison follows (R9, R10, R12).
    pub(crate) fn counted(&self, passcodes: &Passcodes, now: Timestamp, ticket: Uuid) -> Self {
        let count = self.count.saturating_add(1);
        let consecutive = self.consecutive.saturating_add(1);
        let lock = (count >= passcodes.max_attempts()).then(|| Lock {
            // A lock that cannot be reckoned is one without an end, not none.
            until: now.checked_add(passcodes.lockout()).unwrap_or(Timestamp::MAX),
            by: ticket,
        });
        let disabled_by = (consecutive >= passcodes.failure_cap()).then_some(ticket);
        Self { count, consecutive, lock, disabled_by }
    }

    /// The record after the attempt of `ticket` was right; none if another attempt has locked or disabled since.
    pub(crate) fn succeeded(&self, ticket: Uuid) -> Option<Self> {
        let own_lock = self.lock.as_ref().is_none_or(|lock| lock.by == ticket);
        let own_end = self.disabled_by.is_none_or(|by| by == ticket);
        (own_lock && own_end).then(Self::default)
    }

    /// Without count and lock; failures in a row stay, and so does a disabled method.
    pub(crate) fn unlocked(&self) -> Self {
        Self { count: 0, lock: None, ..self.clone() }
    }

    /// Enabled by an administrator; count and lock stay.
    pub(crate) fn enabled(&self) -> Self {
        Self { consecutive: 0, disabled_by: None, ..self.clone() }
    }

    pub(crate) const fn count(&self) -> u32 {
        self.count
    }

    pub(crate) const fn consecutive(&self) -> u32 {
        self.consecutive
    }

    pub(crate) fn locked_until(&self) -> Option<Timestamp> {
        self.lock.as_ref().map(|lock| lock.until)
    }

    pub(crate) const fn is_disabled(&self) -> bool {
        self.disabled_by.is_some()
    }
}

//! The attempt service: the only way from a secret to a [`Proof`]. It counts, commits, compares, in this order (law 2).

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_lang::Secret;

use crate::port::{Comparison, Count, Ledger, Ticket, Verifier};
use crate::{Identifier, Method, PortError, Scope, Subject};

/// What somebody claims: to be a user, by knowing a secret.
#[derive(Clone, Debug)]
pub struct Claim {
    /// How the secret is to be checked.
    pub method: Method,
    /// Who the user is said to be.
    pub identifier: Identifier,
    /// The secret as it was typed.
    pub secret: Secret<String>,
}

/// Why an attempt did not succeed. A client never learns which (law 7; R38).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The secret was compared and is wrong.
    Wrong,
    /// The newest code has run out.
    Expired,
    /// Too many wrong attempts: the method rests for this user.
    Locked,
    /// There is no live code: none was issued, or it was used, replaced or taken back.
    NoCode,
    /// There is no such user.
    UnknownUser,
    /// The user, or the method for the user, is disabled.
    Disabled,
}

impl Refusal {
    /// The stable word for `error_output` and the audit trail.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wrong => "invalid_credentials",
            Self::Expired => "expired",
            Self::Locked => "locked",
            Self::NoCode => "no_live_code",
            Self::UnknownUser => "unknown_user",
            Self::Disabled => "disabled",
        }
    }
}

/// How an attempt ended.
#[derive(Debug)]
pub enum Verdict {
    /// The secret was right.
    Verified(Proof),
    /// It was not, or it was not compared.
    Refused(Refusal),
}

/// Says that the attempt service compared a secret in this visit and found it right.
///
/// Only this module can make one, and it cannot be copied:
///
/// ```compile_fail,E0451
/// # fn forge(subject: wayfarer_step::Subject) -> wayfarer_step::Proof {
/// wayfarer_step::Proof { ticket: uuid::Uuid::nil(), subject, method: wayfarer_step::Method::TEMP_CODE }
/// # }
/// ```
///
/// ```compile_fail,E0599
/// fn twice(proof: &wayfarer_step::Proof) -> wayfarer_step::Proof {
///     wayfarer_step::Proof::clone(proof)
/// }
/// ```
///
/// It is a ticket, not a right: the driver keeps its own list of what was verified in the visit, and a proof that a
/// step got from a ledger of its own is not on it.
#[derive(Debug)]
pub struct Proof {
    ticket: Uuid,
    subject: Subject,
    method: Method,
}

impl Proof {
    /// The comparison it stands for.
    #[must_use]
    pub const fn ticket(&self) -> Uuid {
        self.ticket
    }

    /// The proven user.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// How the user was proven.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }
}

/// What was compared in one visit; the driver holds one end, the [`Attempts`] of the visit the other.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<Compared>>>);

/// One comparison that was made.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The ticket that allowed it.
    pub ticket: Arc<Ticket>,
    /// How it ended.
    pub how: Comparison,
}

impl Journal {
    /// Takes out everything compared so far, oldest first.
    #[must_use]
    pub fn take(&self) -> Vec<Compared> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The number of attempts that were counted so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nothing was attempted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn push(&self, compared: Compared) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(compared);
    }
}

/// Checks secrets for one visit.
#[derive(Clone)]
pub struct Attempts {
    scope: Scope,
    ledger: Arc<dyn Ledger>,
    verifier: Arc<dyn Verifier>,
    journal: Journal,
}

impl Attempts {
    /// The service over a ledger and a verifier. What is compared is noted in `journal`.
    #[must_use]
    pub fn new(scope: Scope, ledger: Arc<dyn Ledger>, verifier: Arc<dyn Verifier>, journal: Journal) -> Self {
        Self { scope, ledger, verifier, journal }
    }

    /// Counts the attempt, commits the count, and only then compares.
    ///
    /// # Errors
    /// When the count could not be committed or the key is away. Nothing is proven then, and a counted attempt stays
    /// counted (R9).
    pub async fn verify(&self, claim: Claim) -> Result<Verdict, PortError> {
        let ticket = match self.ledger.count(&self.scope, &claim).await? {
            Count::Open(ticket) => Arc::new(ticket),
            Count::Closed(refusal) => {
                self.verifier.pretend(&claim.secret).await?;
                return Ok(Verdict::Refused(refusal));
            }
        };
        let right = self.verifier.compare(&ticket, &claim.secret).await?;
        let how = if right { Comparison::Right } else { Comparison::Wrong };
        self.journal.push(Compared { ticket: ticket.clone(), how });
        if right {
            let Ticket { id, subject, method, .. } = &*ticket;
            Ok(Verdict::Verified(Proof { ticket: *id, subject: subject.clone(), method: method.clone() }))
        } else {
            Ok(Verdict::Refused(Refusal::Wrong))
        }
    }
}

impl std::fmt::Debug for Attempts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempts").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// A proof that the driver found on its own list: what the machine builds identity on (law 3; R58).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Accepted {
    /// The proven user.
    pub subject: Subject,
    /// How.
    pub method: Method,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests;

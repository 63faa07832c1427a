//! Proofs come in; who the run speaks of goes out, and what tokens may say of them.

use serde::{Deserialize, Serialize};
use wayfarer_lang::Value;
use wayfarer_lang::value::stored;
use wayfarer_step::Subject;
use wayfarer_step::attempt::Accepted;
use wayfarer_step::port::Grant;

/// Who a run speaks of. It is built from proofs only, never from an author's text (law 3; R58).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Identity {
    /// The user, proven or named.
    pub subject: Option<Subject>,
    /// What was proven of that user in this run, oldest first.
    pub proofs: Vec<Accepted>,
    /// What `@policy.userContext()` shows.
    #[serde(with = "stored")]
    pub user: Value,
    /// What `@policy.userTokens()` shows.
    #[serde(with = "stored")]
    pub tokens: Value,
    /// The claims of the tokens, fit to be shown.
    #[serde(with = "stored")]
    pub claims: Value,
}

impl Identity {
    /// Turns to a user. Another one than before takes every proof away, and with it the tokens (R60).
    pub fn turn_to(&mut self, subject: Subject) {
        if self.subject.as_ref().is_some_and(|known| known.user_id != subject.user_id) {
            *self = Self::default();
        }
        self.subject = Some(subject);
    }

    /// Whether exactly the same was proven.
    pub(crate) fn is_as_proven_as(&self, other: &Self) -> bool {
        self.proofs == other.proofs
    }

    /// Whether a step of this run has proven who the user is.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        !self.proofs.is_empty()
    }

    /// What tokens may say; none if nothing was proven.
    #[must_use]
    pub fn grant(&self) -> Option<Grant> {
        let newest = self.proofs.last()?;
        Some(Grant {
            subject: newest.subject.clone(),
            methods: self.proofs.iter().map(|proof| proof.method.clone()).collect(),
            authenticated_at: newest.at,
        })
    }
}

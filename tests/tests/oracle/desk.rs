//! The support desk of the test: it knows some users and their codes, stands behind the attempt service, and answers both the
//! product and the interpreter.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;
use wayfarer::lang::Secret;
use wayfarer::step::port::{Comparison, Count, Ledger, Ticket, Verifier};
use wayfarer::step::{Claim, Identifier, PortError, Refusal, Scope, Subject, Write, async_trait};

/// Users that may be claimed: the code of `eve` has run out, and nobody is called `nobody`.
pub(crate) const USERS: [&str; 4] = ["ann", "bob", "eve", "nobody"];

/// Codes that may be typed: those of `ann` and `bob`, and one of nobody.
pub(crate) const CODES: [&str; 3] = ["code-ann", "code-bob", "guess"];

/// What the desk says to a claim: nothing if it is right, else the word for the refusal.
pub(crate) fn refusal(user: &str, code: &str) -> Option<Refusal> {
    match user {
        "ann" | "bob" => (code != format!("code-{user}")).then_some(Refusal::Wrong),
        "eve" => Some(Refusal::Expired),
        _ => Some(Refusal::UnknownUser),
    }
}

#[derive(Default)]
pub(crate) struct Desk {
    tickets: AtomicU64,
}

#[async_trait]
impl Ledger for Desk {
    async fn count(&self, _: &Scope, claim: &Claim) -> Result<Count, PortError> {
        let Identifier::User(user) = &claim.identifier;
        if let Some(closed @ (Refusal::Expired | Refusal::UnknownUser)) = refusal(user, "") {
            return Ok(Count::Closed(closed));
        }
        Ok(Count::Open(Ticket {
            id: Uuid::from_u128(u128::from(self.tickets.fetch_add(1, Ordering::Relaxed))),
            subject: Subject { user_id: user.clone(), external_user_id: None },
            method: claim.method.clone(),
            material: Arc::new(()),
        }))
    }

    async fn settle(&self, _: &Scope, _: &Ticket, _: Comparison) -> Result<Option<Vec<Write>>, PortError> {
        Ok(Some(Vec::new()))
    }
}

#[async_trait]
impl Verifier for Desk {
    async fn compare(&self, ticket: &Ticket, secret: &Secret<String>) -> Result<bool, PortError> {
        Ok(refusal(&ticket.subject.user_id, secret.expose()).is_none())
    }

    async fn pretend(&self, _: &Secret<String>) -> Result<(), PortError> {
        Ok(())
    }
}

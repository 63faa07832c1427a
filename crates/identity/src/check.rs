//! A code that a backend was told comes in; the same attempt as a step's is made, and tokens or a refusal go out.

use std::sync::Arc;

use wayfarer_step::attempt::{Compared, Journal};
use wayfarer_step::port::{Comparison, Grant};
use wayfarer_step::{Actor, Attempts, Claim, Fact, Identifier, Method, Refusal, Scope, Secret, Source, Verdict, Write};
use wayfarer_store::TenantId;

use crate::record::{Outcome, TRIES};
use crate::token::{SessionState, Signed, UserTokens, references};
use crate::user::{UserRef, nobody};
use crate::{Attributes, Identity, IdentityError};

/// Asks whether a temporary code is right.
#[derive(Clone, Debug)]
pub struct CheckCode {
    /// The application in which the code must be valid, and for which the tokens are.
    pub application: Arc<str>,
    /// Whose code it is said to be.
    pub user: UserRef,
    /// The code as it was typed.
    pub passcode: Secret<String>,
    /// What the caller says about who typed it, for the audit trail.
    pub attributes: Attributes,
    /// From where the caller itself calls.
    pub source: Source,
}

/// How a check ended.
#[derive(Debug)]
pub enum Checked {
    /// The code was right and is used up; the session has begun.
    Verified(UserTokens),
    /// It was not accepted.
    Refused(Refusal),
}

/// Stands for the journey in what is recorded of an attempt outside of one; no journey can have this id.
const OUTSIDE: &str = "otp:authenticate";

impl Identity {
    /// Checks a code for a backend, by the attempt service: count, commit, compare, and then consume, register and record in
    /// one commit (law 2, law 4; R44). A code that was counted and not settled stays counted.
    ///
    /// # Errors
    /// For an unknown application, and when the store or the random source fails. A refusal is no error.
    pub async fn check_code(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        request: &CheckCode,
    ) -> Result<Checked, IdentityError> {
        self.applications().get(&request.application)?;
        let scope = Scope {
            tenant: tenant.as_str().into(),
            application: request.application.clone(),
            run: self.random_id()?,
            journey: OUTSIDE.into(),
            source: request.source.clone(),
        };
        // For an unknown user the same reads follow, on keys that nobody has (R39).
        let known = self.find(tenant, &request.user).await?.value;
        let user_id = known.map_or_else(|| nobody("").into(), |user| user.user_id);
        let claim = Claim {
            method: Method::TEMP_CODE,
            identifier: Identifier::User(user_id),
            secret: request.passcode.clone(),
        };
        let journal = Journal::default();
        let attempts = Attempts::new(scope.clone(), self.ledger(), self.verifier(), journal.clone());
        let verdict = attempts.verify(claim).await?;
        let check = Check { identity: self, tenant, actor, request, scope };
        match (verdict, &journal.take()[..]) {
            (Verdict::Verified(_), [compared]) => check.accept(compared).await,
            (Verdict::Refused(refusal), compared) => check.refuse(refusal, compared).await,
            (Verdict::Verified(_), _) => Err(IdentityError::Busy),
        }
    }
}

struct Check<'a> {
    identity: &'a Identity,
    tenant: &'a TenantId,
    actor: &'a Actor,
    request: &'a CheckCode,
    scope: Scope,
}

impl Check<'_> {
    /// Consumes the code and begins the session, or finds that the ticket has become void.
    async fn accept(&self, compared: &Compared) -> Result<Checked, IdentityError> {
        let identity = self.identity;
        for _ in 0..TRIES {
            let Some(mut writes) = self.settled(compared).await? else {
                return self.refuse(Refusal::NoCode, &[]).await;
            };
            let grant = Grant {
                subject: compared.ticket.subject.clone(),
                methods: vec![Method::TEMP_CODE],
                authenticated_at: identity.vault().now().await?,
            };
            let signed = identity.sign_tokens(&self.scope, &grant, SessionState::Live).await?;
            let Signed { tokens, session, expires_at, writes: registration, .. } = signed;
            let started = session.fact("recovery.session_started", "session.started", self.actor.clone());
            let started = started.within(&self.scope).detail("amr", references(&grant.methods));
            writes.extend(registration);
            writes.push(Write::Record(started.detail("expires_at", expires_at.to_string())));
            writes.push(Write::Record(self.fact("success").subject(session.user_id)));
            if let Outcome::Done = identity.commit(self.tenant, writes).await? {
                return Ok(Checked::Verified(tokens));
            }
        }
        Err(IdentityError::Busy)
    }

    /// Records the refusal in one commit, whatever it is (R39).
    async fn refuse(&self, refusal: Refusal, compared: &[Compared]) -> Result<Checked, IdentityError> {
        for _ in 0..TRIES {
            let mut writes = Vec::new();
            for compared in compared {
                writes.extend(self.settled(compared).await?.into_iter().flatten());
            }
            writes.push(Write::Record(self.fact("failure").reason(refusal.code())));
            if let Outcome::Done = self.identity.commit(self.tenant, writes).await? {
                return Ok(Checked::Refused(refusal));
            }
        }
        Err(IdentityError::Busy)
    }

    async fn settled(&self, compared: &Compared) -> Result<Option<Vec<Write>>, IdentityError> {
        let how: Comparison = compared.how;
        Ok(self.identity.ledger().settle(&self.scope, &compared.ticket, how).await?)
    }

    /// That this client asked. Whom it named is in what the ledger records.
    fn fact(&self, result: &'static str) -> Fact {
        let fact = Fact::new("tempcode.checked", self.actor.clone()).within(&self.scope).result(result);
        self.request.attributes.noted(fact)
    }
}

#[cfg(test)]
mod tests;

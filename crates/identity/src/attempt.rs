//! A claim comes in; the attempt is counted and committed, and only then a ticket for one comparison goes out.

mod policy;
mod record;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use wayfarer_step::port::{Comparison, Count, Ledger, Ticket};
use wayfarer_step::{Actor, Claim, Fact, PortError, Refusal, Scope, Write};

use policy::{Judgement, Situation, judge, may_use};
pub(crate) use record::AttemptsRecord;

use crate::code::{Binding, CodeRecord, CodeState};
use crate::record::{Outcome, TRIES};
use crate::user::{User, nobody};
use crate::{Identity, IdentityError};

/// What a ticket of ours holds for the verifier and for [`Ledger::settle`].
pub(crate) struct Material {
    pub(crate) binding: Binding,
    pub(crate) tag: [u8; 32],
    /// Which attempt since the last reset it is.
    count: u32,
    /// Which failure in a row it would be.
    consecutive: u32,
    /// The lock that counting it has set.
    locked_until: Option<Timestamp>,
    /// Whether counting it has disabled the method.
    disabled: bool,
}

/// Fulfils [`Ledger`].
pub(crate) struct Attempting(pub(crate) Identity);

#[async_trait]
impl Ledger for Attempting {
    async fn count(&self, scope: &Scope, claim: &Claim) -> Result<Count, PortError> {
        Ok(self.0.count_attempt(scope, claim).await?)
    }

    async fn settle(&self, scope: &Scope, ticket: &Ticket, how: Comparison) -> Result<Option<Vec<Write>>, PortError> {
        let material = material(ticket)?;
        Ok(match how {
            Comparison::Right => self.0.settle_right(scope, ticket, material).await?,
            Comparison::Wrong => Some(settle_wrong(scope, ticket, material)),
        })
    }
}

/// What our ledger put into the ticket.
pub(crate) fn material(ticket: &Ticket) -> Result<&Material, PortError> {
    ticket
        .material
        .downcast_ref()
        .ok_or_else(|| PortError::Refused { port: "attempts", reason: "the ticket is of another ledger".to_owned() })
}

impl Identity {
    /// Whatever is found, the same reads and one commit are made, so that time does not tell who has a code (R39).
    async fn count_attempt(&self, scope: &Scope, claim: &Claim) -> Result<Count, IdentityError> {
        let tenant = self.tenant(scope)?;
        let passcodes = &self.applications().get(&scope.application)?.one_time_passcodes;
        for _ in 0..TRIES {
            let ticket = self.random_id()?;
            let now = self.vault().now().await?;
            let user = self.find_claimed(&tenant, &claim.identifier).await?.value;
            let user_id = user.as_ref().map_or_else(|| nobody("").into(), |user| user.user_id.clone());
            let attempts = AttemptsRecord::load(self.vault(), &tenant, &user_id, &claim.method).await?;
            let code = CodeRecord::load(self.vault(), &tenant, &user_id, &claim.method).await?;

            let before = attempts.value.clone().unwrap_or_default();
            let judgement = judge(&Situation {
                now,
                application: &scope.application,
                passcodes,
                user: user.as_ref(),
                attempts: &before,
                code: code.value.as_ref(),
                ticket,
            });
            let (counted, burnt) = match judgement {
                Judgement::Closed(refusal) => {
                    let fact = refused(scope, claim, user.as_ref(), refusal);
                    self.commit(&tenant, vec![Write::Record(fact)]).await?;
                    return Ok(Count::Closed(refusal));
                }
                Judgement::Open { attempts, burnt } => (attempts, burnt),
            };
            let (Some(user), Some(found)) = (user, &code.value) else { return Err(IdentityError::Busy) };
            let material = Material {
                binding: Binding {
                    tenant: tenant.clone(),
                    user_id: user.user_id.clone(),
                    method: claim.method.clone(),
                    application: scope.application.clone(),
                    code_id: found.code_id,
                },
                tag: found.tag,
                count: counted.count(),
                consecutive: counted.consecutive(),
                locked_until: counted.locked_until(),
                disabled: counted.is_disabled(),
            };
            let ticket = Ticket {
                id: ticket,
                subject: user.subject(),
                method: claim.method.clone(),
                material: Arc::new(material),
            };
            let writes = vec![
                attempts.put(&counted, None)?,
                match &burnt {
                    Some(burnt) => code.put(burnt, burnt.erase_at())?,
                    // The code that is going to be compared must still be the one that was judged.
                    None => code.require(),
                },
                Write::Record(counting(scope, &ticket, &counted)),
            ];
            if let Outcome::Done = self.commit(&tenant, writes).await? {
                return Ok(Count::Open(ticket));
            }
        }
        Err(IdentityError::Busy)
    }

    /// Consumes the code and resets what was counted, if all still stands as when the attempt was counted. The user is
    /// required as read, so that a disabling in between makes the commit fail (R45).
    async fn settle_right(
        &self,
        scope: &Scope,
        ticket: &Ticket,
        material: &Material,
    ) -> Result<Option<Vec<Write>>, IdentityError> {
        let Binding { tenant, user_id, method, code_id, .. } = &material.binding;
        let now = self.vault().now().await?;
        let user = User::load(self.vault(), tenant, user_id).await?;
        let code = CodeRecord::load(self.vault(), tenant, user_id, method).await?;
        let attempts = AttemptsRecord::load(self.vault(), tenant, user_id, method).await?;

        let active = user.value.as_ref().is_some_and(|user| user.active);
        let usable = code.value.as_ref().filter(|code| active && may_use(code, *code_id, ticket.id));
        let reset = attempts.value.clone().unwrap_or_default().at(now).succeeded(ticket.id);
        let (Some(found), Some(reset)) = (usable, reset) else { return Ok(None) };

        let used = CodeRecord { state: CodeState::Used { at: now, run: scope.run }, ..found.clone() };
        let fact = fact("tempcode.verified", scope, ticket).result("success").detail("count", material.count);
        Ok(Some(vec![
            user.require(),
            code.put(&used, used.erase_at())?,
            attempts.put(&reset, None)?,
            Write::Record(fact),
        ]))
    }
}

/// Recorded with the count, so that an attempt is on record even if nothing follows it.
fn counting(scope: &Scope, ticket: &Ticket, counted: &AttemptsRecord) -> Fact {
    let fact = fact("tempcode.attempt_counted", scope, ticket).detail("count", counted.count());
    match counted.locked_until() {
        Some(until) => fact.detail("locked_until", until.to_string()),
        None => fact,
    }
}

/// A wrong attempt has left its mark already; what remains is to say so.
fn settle_wrong(scope: &Scope, ticket: &Ticket, material: &Material) -> Vec<Write> {
    let failed = fact("tempcode.attempt_failed", scope, ticket)
        .result("failure")
        .reason(Refusal::Wrong.code())
        .detail("count", material.count)
        .detail("consecutive", material.consecutive);
    let mut writes = vec![Write::Record(failed)];
    if let Some(until) = material.locked_until {
        let locked = fact("tempcode.locked", scope, ticket).detail("until", until.to_string());
        writes.push(Write::Record(locked));
    }
    if material.disabled {
        writes.push(Write::Record(fact("tempcode.method_disabled", scope, ticket)));
    }
    writes
}

/// A fact about an attempt. Who tried is not known; through which application is.
fn fact(name: &'static str, scope: &Scope, ticket: &Ticket) -> Fact {
    let fact = Fact::new(name, actor(scope)).within(scope).subject(ticket.subject.user_id.clone());
    let fact = fact.detail("ticket", ticket.id.to_string()).detail("purpose", ticket.method.as_str());
    match material(ticket) {
        Ok(material) => fact.detail("code_id", material.binding.code_id.to_string()),
        Err(_) => fact,
    }
}

/// An attempt at which nothing was compared. What was typed as the user stays out: it may be a code in the wrong field.
fn refused(scope: &Scope, claim: &Claim, user: Option<&User>, refusal: Refusal) -> Fact {
    let fact = Fact::new("tempcode.attempt_refused", actor(scope)).within(scope);
    let fact = fact.result("failure").reason(refusal.code()).detail("purpose", claim.method.as_str());
    match user {
        Some(user) => fact.subject(user.user_id.clone()),
        None => fact,
    }
}

fn actor(scope: &Scope) -> Actor {
    Actor { kind: "client".into(), id: scope.application.clone() }
}

#[cfg(test)]
mod tests;

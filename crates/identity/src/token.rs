//! A proven user comes in, signed and registered tokens go out; a token comes in, its claims go out if it is worth something.

mod claims;
mod exchange;
mod introspect;
mod mint;
mod session;
mod sign;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value as Json;
use uuid::Uuid;
use wayfarer_step::lang::Object;
use wayfarer_step::port::{Confirmation, Grant, Minted, Tokens};
use wayfarer_step::{Actor, Fact, Method, PortError, Scope, Secret, Value, Write};
use wayfarer_store::TenantId;

pub use claims::{Claims, TokenError, TokenKind};
pub use exchange::Exchanged;
pub(crate) use mint::Signed;
pub use mint::UserTokens;
pub(crate) use session::{SessionRecord, SessionState};
pub(crate) use sign::Signer;

use crate::application::RecoveryGrade;
use crate::attempt::AttemptsRecord;
use crate::record::{Outcome, TRIES};
use crate::user::User;
use crate::{Identity, IdentityError};

/// Fulfils [`Tokens`].
pub(crate) struct Signing(pub(crate) Identity);

#[async_trait]
impl Tokens for Signing {
    async fn mint(&self, scope: &Scope, grant: &Grant) -> Result<Minted, PortError> {
        Ok(self.0.mint(scope, grant).await?)
    }

    async fn confirm(&self, scope: &Scope, grant: &Grant) -> Result<Confirmation, PortError> {
        Ok(self.0.confirm(scope, grant).await?)
    }

    async fn revoke(&self, scope: &Scope) -> Result<Vec<Write>, PortError> {
        let tenant = self.0.tenant(scope)?;
        Ok(self.0.ending(&tenant, scope.run, &Actor::system(), |fact| fact.within(scope)).await?)
    }
}

impl Identity {
    /// The public keys by which others verify tokens (RFC 7517), the newest first.
    #[must_use]
    pub fn jwks(&self) -> Json {
        self.signer().key_set()
    }

    /// The issuer of a tenant's tokens: no tenant's tokens pass in another (R111).
    #[must_use]
    pub fn issuer(&self, tenant: &TenantId) -> String {
        let issuer = self.applications().issuer();
        if *tenant == TenantId::default() { issuer.to_owned() } else { format!("{issuer}/{tenant}") }
    }

    /// Ends the session of a run: its tokens are void at once. Says whether there was one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_session(&self, tenant: &TenantId, actor: &Actor, session_id: Uuid) -> Result<bool, IdentityError> {
        for _ in 0..TRIES {
            let named = |fact: Fact| fact.detail("session_id", session_id.to_string());
            let writes = self.ending(tenant, session_id, actor, named).await?;
            if writes.is_empty() {
                return Ok(false);
            }
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(true);
            }
        }
        Err(IdentityError::Busy)
    }

    async fn mint(&self, scope: &Scope, grant: &Grant) -> Result<Minted, IdentityError> {
        let Signed { tokens, claims, writes, .. } = self.sign_tokens(scope, grant, SessionState::Pending).await?;
        let secret = |token: Secret<String>| Value::from(token.expose().as_str()).into_secret();
        let fields = [
            ("access_token", secret(tokens.access)),
            ("id_token", secret(tokens.id)),
            ("token_type", Value::from("Bearer")),
            ("expires_in", Value::from(tokens.expires_in)),
            ("session_id", Value::from(claims.sid.as_str())),
            ("external_user_id", Value::from(grant.subject.external_user_id.clone())),
            ("user_id", Value::from(grant.subject.user_id.clone())),
        ];
        let tokens = Value::from(fields.into_iter().map(|(name, value)| (Arc::from(name), value)).collect::<Object>());
        let claims = serde_json::to_value(&claims).map_err(|_| IdentityError::Signing)?;
        Ok(Minted { tokens, claims: Value::from(claims), writes })
    }

    /// The user, every used method and the registration are required as read, so that nothing changes before the commit.
    async fn confirm(&self, scope: &Scope, grant: &Grant) -> Result<Confirmation, IdentityError> {
        let refused = |reason: &str| Ok(Confirmation::Refused { reason: reason.to_owned() });
        let tenant = self.tenant(scope)?;
        let now = self.vault().now().await?;
        let user_id = &grant.subject.user_id;
        let user = User::load(self.vault(), &tenant, user_id).await?;
        let Some(known) = &user.value else { return refused("the user was removed") };
        let mut writes = vec![user.require()];
        if !known.active {
            return refused("the user is disabled");
        }
        for (index, method) in grant.methods.iter().enumerate() {
            // A method that was used twice is required once.
            if grant.methods.iter().take(index).any(|before| before == method) {
                continue;
            }
            let loaded = AttemptsRecord::load(self.vault(), &tenant, user_id, method).await?;
            let attempts = loaded.value.clone().unwrap_or_default().at(now);
            if attempts.is_disabled() {
                return refused("the method was disabled since the proof");
            }
            if attempts.locked_until().is_some() {
                return refused("the method was locked since the proof");
            }
            writes.push(loaded.require());
        }
        let loaded = SessionRecord::load(self.vault(), &tenant, scope.run).await?;
        let Some(session) = loaded.value.as_ref().filter(|session| session.user_id == *user_id) else {
            return refused("no tokens are registered for the user in this run");
        };
        if session.state == SessionState::Revoked || session.epoch != known.token_epoch {
            return refused("the tokens were taken back");
        }
        if session.expires_at <= now {
            return refused("the tokens have run out");
        }
        let live = SessionRecord { state: SessionState::Live, ..session.clone() };
        writes.push(loaded.put(&live, live.erase_at())?);
        let fact = live.fact("recovery.session_started", "session.started", Actor::system()).within(scope);
        let expires_at = live.expires_at.to_string();
        writes.push(Write::Record(fact.detail("amr", references(&grant.methods)).detail("expires_at", expires_at)));
        Ok(Confirmation::Good(writes))
    }

    /// The writes that end a session, and their record; none if there is no session to end.
    async fn ending(
        &self,
        tenant: &TenantId,
        run: Uuid,
        actor: &Actor,
        named: impl FnOnce(Fact) -> Fact + Send,
    ) -> Result<Vec<Write>, IdentityError> {
        let loaded = SessionRecord::load(self.vault(), tenant, run).await?;
        let Some(session) = loaded.value.as_ref().filter(|session| session.state != SessionState::Revoked) else {
            return Ok(Vec::new());
        };
        let ended = SessionRecord { state: SessionState::Revoked, ..session.clone() };
        let fact = named(ended.fact("recovery.session_ended", "session.ended", actor.clone()));
        Ok(vec![loaded.put(&ended, ended.erase_at())?, Write::Record(fact)])
    }
}

/// The names of methods in tokens, each once: those of RFC 8176 where there is one, and `tac`.
pub(crate) fn references(methods: &[Method]) -> Vec<String> {
    let mut names = Vec::new();
    for method in methods {
        let name = if *method == Method::TEMP_CODE { "tac" } else { method.as_str() };
        if names.iter().all(|known| known != name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The class of a session that is only good for recovery.
const RECOVERY: &str = "recovery";

/// A temporary code makes a recovery of the session, whatever else was proven, unless the operator says otherwise (R32).
fn class(methods: &[Method], grade: RecoveryGrade) -> &'static str {
    match grade {
        RecoveryGrade::Recovery if methods.contains(&Method::TEMP_CODE) => RECOVERY,
        _ => "login",
    }
}

#[cfg(test)]
mod tests;

//! A proven user comes in; signed tokens and their registration go out.

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_step::port::Grant;
use wayfarer_step::{Scope, Secret, Write};

use super::{Claims, RECOVERY, SessionRecord, SessionState, TokenKind, class, references};
use crate::user::User;
use crate::{Identity, IdentityError};

/// Tokens of a user, at the only moment at which they can be read.
#[derive(Debug)]
pub struct UserTokens {
    /// For resource servers.
    pub access: Secret<String>,
    /// For the application.
    pub id: Secret<String>,
    /// How long both live, in seconds.
    pub expires_in: i64,
    /// Names the session.
    pub session_id: Uuid,
}

/// What was signed, and what must be committed for it to be worth anything.
pub(crate) struct Signed {
    pub(crate) tokens: UserTokens,
    pub(crate) claims: Claims,
    pub(crate) session: SessionRecord,
    pub(crate) expires_at: Timestamp,
    pub(crate) writes: Vec<Write>,
}

impl Identity {
    /// Signs tokens for a proven user and registers them in this state.
    pub(crate) async fn sign_tokens(
        &self,
        scope: &Scope,
        grant: &Grant,
        state: SessionState,
    ) -> Result<Signed, IdentityError> {
        let tenant = self.tenant(scope)?;
        let settings = self.applications().get(&scope.application)?.tokens;
        let now = self.vault().now().await?;
        let expires_at = now.checked_add(settings.lifetime()).map_err(|_| IdentityError::Signing)?;
        let user = User::load(self.vault(), &tenant, &grant.subject.user_id).await?;
        let epoch = user.value.as_ref().ok_or(IdentityError::UnknownUser)?.token_epoch;
        let loaded = SessionRecord::load(self.vault(), &tenant, scope.run).await?;
        let class = class(&grant.methods, settings.after_temp_code());
        let session = SessionRecord {
            user_id: grant.subject.user_id.clone(),
            application: scope.application.clone(),
            access: self.random_id()?,
            id: self.random_id()?,
            epoch,
            expires_at,
            recovery: class == RECOVERY,
            state,
        };
        let claims = Claims {
            iss: self.issuer(&tenant),
            sub: grant.subject.user_id.to_string(),
            aud: scope.application.to_string(),
            client_id: scope.application.to_string(),
            exp: expires_at.as_second(),
            iat: now.as_second(),
            nbf: now.as_second(),
            jti: session.access.to_string(),
            sid: scope.run.to_string(),
            amr: references(&grant.methods),
            acr: class.to_owned(),
            auth_time: grant.authenticated_at.as_second(),
            external_user_id: None,
        };
        let access = Secret::new(self.signer().sign(TokenKind::Access.typ(), &claims)?);
        let claims = Claims {
            jti: session.id.to_string(),
            external_user_id: grant.subject.external_user_id.as_deref().map(str::to_owned),
            ..claims
        };
        let id = Secret::new(self.signer().sign(TokenKind::Id.typ(), &claims)?);
        let tokens = UserTokens { access, id, expires_in: settings.lifetime().as_secs(), session_id: scope.run };
        let writes = vec![user.require(), loaded.put(&session, session.erase_at())?];
        Ok(Signed { tokens, claims, session, expires_at, writes })
    }
}

//! A token comes in; what it says goes out, if all that stands behind it still stands.

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_step::Secret;
use wayfarer_store::TenantId;

use super::{Claims, SessionRecord, SessionState, TokenError, TokenKind};
use crate::application::LONGEST_TOKEN;
use crate::user::User;
use crate::{Identity, IdentityError};

impl Identity {
    /// What a token says, if it was signed by us for this tenant and application, is of this kind, has not run out, is
    /// registered as live, and its user may still sign in.
    ///
    /// # Errors
    /// When the store fails. The inner error says why the token is not accepted.
    pub async fn introspect(
        &self,
        tenant: &TenantId,
        application: &str,
        kind: TokenKind,
        token: &Secret<String>,
    ) -> Result<Result<Claims, TokenError>, IdentityError> {
        let now = self.vault().now().await?;
        let claims = match self.signed(tenant, application, kind, token.expose(), now) {
            Ok(claims) => claims,
            Err(error) => return Ok(Err(error)),
        };
        let Ok(run) = Uuid::parse_str(&claims.sid) else { return Ok(Err(TokenError::Claims)) };
        let session = SessionRecord::load(self.vault(), tenant, run).await?.value;
        let user = User::load(self.vault(), tenant, &claims.sub).await?.value;
        Ok(registered(&claims, kind, session.as_ref(), user.as_ref(), now).map(|()| claims))
    }

    /// All that a token shows by itself.
    fn signed(
        &self,
        tenant: &TenantId,
        application: &str,
        kind: TokenKind,
        token: &str,
        now: Timestamp,
    ) -> Result<Claims, TokenError> {
        let claims: Claims = self.signer().open(kind.typ(), token)?;
        let now = now.as_second();
        let lived = claims.exp.checked_sub(claims.iat);
        if !lived.is_some_and(|seconds| (1..=LONGEST_TOKEN).contains(&seconds)) || claims.nbf < claims.iat {
            return Err(TokenError::Claims);
        }
        if claims.iss != self.issuer(tenant) {
            return Err(TokenError::Issuer);
        }
        if claims.aud != application || claims.client_id != application {
            return Err(TokenError::Audience);
        }
        if claims.nbf > now {
            return Err(TokenError::Claims);
        }
        if claims.exp <= now { Err(TokenError::Expired) } else { Ok(claims) }
    }
}

fn registered(
    claims: &Claims,
    kind: TokenKind,
    session: Option<&SessionRecord>,
    user: Option<&User>,
    now: Timestamp,
) -> Result<(), TokenError> {
    let session = session.filter(|session| session.state == SessionState::Live).ok_or(TokenError::NotLive)?;
    let registered = match kind {
        TokenKind::Access => session.access,
        TokenKind::Id => session.id,
    };
    if Uuid::parse_str(&claims.jti) != Ok(registered) || *session.user_id != *claims.sub {
        return Err(TokenError::NotLive);
    }
    if session.expires_at <= now {
        return Err(TokenError::Expired);
    }
    let allowed = |user: &&User| user.active && session.epoch == user.token_epoch;
    user.filter(allowed).map(|_| ()).ok_or(TokenError::UserDisabled)
}

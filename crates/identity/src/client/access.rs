//! A client that has shown its secret comes in, an access token goes out; a token comes in, who calls and what they may do
//! goes out.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_step::Secret;
use wayfarer_store::TenantId;

use super::{Client, ClientScope, SecretInfo, scope};
use crate::token::TokenError;
use crate::{Identity, IdentityError};

/// The type in the header: no other token passes for one of these (R71).
pub(crate) const TOKEN_TYPE: &str = "client-at+jwt";

/// How long a token lives, in seconds; one that may read codes lives shorter (R68).
const LIFETIME: i64 = 3_600;
const LIFETIME_DIRECT: i64 = 600;

/// What an access token of a client says (RFC 9068 section 2.2). Times are whole seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientClaims {
    /// The issuer.
    pub iss: String,
    /// The client.
    pub sub: String,
    /// For whom the token is.
    pub aud: String,
    /// The client.
    pub client_id: String,
    /// From this second on the token is void.
    pub exp: i64,
    /// When it was made.
    pub iat: i64,
    /// Names the token.
    pub jti: String,
    /// What it allows, with a space between the words.
    pub scope: String,
    /// The application.
    pub app_id: String,
    /// The secret that it was given for: with the secret the token ends.
    pub key: String,
}

impl ClientClaims {
    /// For whom access tokens of clients are: our own interfaces.
    pub const AUDIENCE: &str = "userid-api";
}

/// A token, and what it allows.
#[derive(Debug)]
pub struct Access {
    /// The token.
    pub token: Secret<String>,
    /// How long it lives, in seconds.
    pub expires_in: i64,
    /// What it allows.
    pub scopes: BTreeSet<ClientScope>,
}

/// Why no token was given.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The client may not do what it asked for.
    #[error("the client may not have this scope")]
    Scope,
    /// It failed otherwise.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

impl Identity {
    /// Gives a client an access token for the scopes that it asks for, or for all that it has (RFC 6749 section 4.4).
    /// There is no refresh token (R64).
    ///
    /// # Errors
    /// [`GrantError::Scope`] when it asks for more than it has.
    pub async fn grant_access(
        &self,
        tenant: &TenantId,
        client: &Client,
        secret: &SecretInfo,
        asked: Option<&BTreeSet<ClientScope>>,
    ) -> Result<Access, GrantError> {
        let scopes = asked.unwrap_or(&client.scopes).clone();
        if !scopes.is_subset(&client.scopes) {
            return Err(GrantError::Scope);
        }
        let now = self.vault().now().await.map_err(IdentityError::from)?.as_second();
        let expires_in = if scopes.contains(&ClientScope::OtpDirect) { LIFETIME_DIRECT } else { LIFETIME };
        let claims = ClientClaims {
            iss: self.issuer(tenant),
            sub: client.client_id.to_string(),
            aud: ClientClaims::AUDIENCE.to_owned(),
            client_id: client.client_id.to_string(),
            exp: now.saturating_add(expires_in),
            iat: now,
            jti: self.random_id()?.to_string(),
            scope: scope::written(&scopes),
            app_id: client.application.to_string(),
            key: secret.id.to_string(),
        };
        let token = Secret::new(self.signer().sign(TOKEN_TYPE, &claims)?);
        Ok(Access { token, expires_in, scopes })
    }

    /// The client whose token this is, and what the token allows. The client is looked at each time: one that was disabled,
    /// or whose secret has ended, has no good token (R75).
    ///
    /// # Errors
    /// When the store fails. The inner error says why the token is not accepted.
    pub async fn client_of(
        &self,
        tenant: &TenantId,
        token: &Secret<String>,
    ) -> Result<Result<(Client, BTreeSet<ClientScope>), TokenError>, IdentityError> {
        let now = self.vault().now().await?;
        let claims: ClientClaims = match self.signer().open(TOKEN_TYPE, token.expose()) {
            Ok(claims) => claims,
            Err(error) => return Ok(Err(error)),
        };
        if let Err(error) = judge(&claims, &self.issuer(tenant), now) {
            return Ok(Err(error));
        }
        let (Ok(key), Ok(scopes)) = (Uuid::parse_str(&claims.key), scope::read(&claims.scope)) else {
            return Ok(Err(TokenError::Claims));
        };
        let client = Client::load(self.vault(), tenant, &claims.sub).await?.value;
        let client = client.filter(|client| client.active && client.secrets.iter().any(|secret| secret.id == key));
        Ok(client.ok_or(TokenError::NotLive).map(|client| {
            // What was taken from the client since is not given back by an older token.
            let scopes = scopes.intersection(&client.scopes).copied().collect();
            (client, scopes)
        }))
    }
}

/// All that the claims show by themselves.
fn judge(claims: &ClientClaims, issuer: &str, now: Timestamp) -> Result<(), TokenError> {
    let now = now.as_second();
    if claims.iss != issuer {
        return Err(TokenError::Issuer);
    }
    if claims.aud != ClientClaims::AUDIENCE {
        return Err(TokenError::Audience);
    }
    if claims.client_id != claims.sub || claims.iat > now || claims.exp.saturating_sub(claims.iat) > LIFETIME {
        return Err(TokenError::Claims);
    }
    if claims.exp <= now {
        return Err(TokenError::Expired);
    }
    Ok(())
}

impl Client {
    /// The client as the audit trail names it.
    #[must_use]
    pub fn actor(&self) -> wayfarer_step::Actor {
        wayfarer_step::Actor { kind: "client".into(), id: Arc::clone(&self.client_id) }
    }
}

//! Tokens are worth something only as long as everything behind them stands.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod forged;
mod session;

use std::sync::Arc;

use jiff::Timestamp;
use wayfarer_step::port::{Confirmation, Grant};
use wayfarer_step::{Method, Scope, Secret, Write};

use super::{Claims, TokenError, TokenKind};
use crate::fixture::{Fixture, Tried};
use crate::record::{self, Outcome};
use crate::user::User;

/// A run in which a user was proven, tokens minted, and nothing confirmed yet.
struct Proven {
    f: Arc<Fixture>,
    user: User,
    scope: Scope,
    grant: Grant,
    access: Secret<String>,
    id: Secret<String>,
    claims: serde_json::Value,
}

impl Proven {
    async fn new(f: &Arc<Fixture>, user: &str) -> Self {
        let user = f.user(user).await;
        let scope = f.scope();
        let code = f.issue(&user.user_id).await;
        assert_eq!(f.attempt_in(&scope, &user.user_id, code.code.expose()).await, Tried::Verified);
        Self::minted(f, user, scope).await
    }

    async fn minted(f: &Arc<Fixture>, user: User, scope: Scope) -> Self {
        let authenticated_at = f.vault.now().await.unwrap();
        let grant = Grant { subject: user.subject(), methods: vec![Method::TEMP_CODE], authenticated_at };
        let minted = f.identity.tokens().mint(&scope, &grant).await.unwrap();
        commit(f, minted.writes).await;
        let token = |name: &str| {
            let Some(wayfarer_step::Value::Secret(token)) = minted.tokens.get(name) else {
                panic!("{name} is no secret")
            };
            Secret::new(token.expose().as_text().unwrap().to_owned())
        };
        let (access, id) = (token("access_token"), token("id_token"));
        let claims = minted.claims.to_json().unwrap();
        Self { f: f.clone(), user, scope, grant, access, id, claims }
    }

    async fn confirm(&self) -> Confirmation {
        self.f.identity.tokens().confirm(&self.scope, &self.grant).await.unwrap()
    }

    async fn complete(&self) {
        match self.confirm().await {
            Confirmation::Good(writes) => commit(&self.f, writes).await,
            Confirmation::Refused { reason } => panic!("{reason}"),
        }
    }

    async fn refusal(&self) -> String {
        match self.confirm().await {
            Confirmation::Good(_) => panic!("confirmed"),
            Confirmation::Refused { reason } => reason,
        }
    }

    async fn shown(&self, kind: TokenKind) -> Result<Claims, TokenError> {
        let token = match kind {
            TokenKind::Access => &self.access,
            TokenKind::Id => &self.id,
        };
        self.f.identity.introspect(&self.f.tenant, "default", kind, token).await.unwrap()
    }

    async fn access(&self) -> Result<Claims, TokenError> {
        self.shown(TokenKind::Access).await
    }
}

async fn commit(f: &Fixture, writes: Vec<Write>) {
    assert!(matches!(record::commit(&f.vault, &f.tenant, writes).await.unwrap(), Outcome::Done));
}

fn seconds(at: Timestamp) -> i64 {
    at.as_second()
}

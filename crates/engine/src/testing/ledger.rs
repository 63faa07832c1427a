//! The ports of identity on real records, as small as they can be: what is counted and consumed survives a crash.

use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;
use wayfarer_lang::Value;
use wayfarer_lang::value::Object;
use wayfarer_step::attempt::{Claim, Refusal};
use wayfarer_step::port::{Comparison, Confirmation, Count, Grant, Ledger, Minted, Ticket, Tokens};
use wayfarer_step::{Actor, Expected, Fact, Identifier, PortError, Scope, Subject, Write};
use wayfarer_store::{Batch, CommitError, Expect, Key, Kind, TenantId, Vault};

const COUNT: Kind = Kind::new("test-count");
const CODE: Kind = Kind::new("test-code");
const TOKEN: Kind = Kind::new("test-token");

pub(crate) struct StoreLedger {
    vault: Vault,
}

fn away(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PortError {
    PortError::unavailable("store", error)
}

impl StoreLedger {
    pub(crate) fn new(vault: Vault) -> Self {
        Self { vault }
    }

    pub(crate) async fn issue(&self) {
        let key = Key::new(&TenantId::default(), CODE, "user123");
        self.vault.commit(Batch::new().put(key, Expect::Absent, Vec::new(), None, None)).await.unwrap();
    }

    pub(crate) async fn is_live(&self) -> bool {
        self.vault.get(&Key::new(&TenantId::default(), CODE, "user123")).await.unwrap().is_some()
    }

    /// Takes the code back, as an administrator would.
    pub(crate) async fn revoke(&self) {
        let key = Key::new(&TenantId::default(), CODE, "user123");
        let version = self.vault.get(&key).await.unwrap().unwrap().version;
        self.vault.commit(Batch::new().delete(key, Expect::Version(version))).await.unwrap();
    }

    pub(crate) async fn counted(&self) -> u64 {
        let key = Key::new(&TenantId::default(), COUNT, "user123");
        self.vault.get(&key).await.unwrap().map_or(0, |record| record.version)
    }
}

#[async_trait]
impl Ledger for StoreLedger {
    async fn count(&self, scope: &Scope, claim: &Claim) -> Result<Count, PortError> {
        let Identifier::User(user) = &claim.identifier;
        let tenant = TenantId::new(&scope.tenant).map_err(away)?;
        let live = self.vault.get(&Key::new(&tenant, CODE, user.as_bytes())).await.map_err(away)?;
        let Some(live) = live else { return Ok(Count::Closed(Refusal::NoCode)) };
        loop {
            let key = Key::new(&tenant, COUNT, user.as_bytes());
            let known = self.vault.get(&key).await.map_err(away)?;
            let expect = known.map_or(Expect::Absent, |record| Expect::Version(record.version));
            match self.vault.commit(Batch::new().put(key, expect, Vec::new(), None, None)).await {
                Ok(_) => break,
                Err(CommitError::Conflict { .. }) => {}
                Err(CommitError::Store(error)) => return Err(away(error)),
            }
        }
        Ok(Count::Open(Ticket {
            id: Uuid::from_u128(u128::from(live.version) << 64 | rand_like(scope)),
            subject: Subject { user_id: user.clone(), external_user_id: None },
            method: claim.method.clone(),
            material: Arc::new(live.version),
        }))
    }

    async fn settle(&self, scope: &Scope, ticket: &Ticket, how: Comparison) -> Result<Option<Vec<Write>>, PortError> {
        let fact = |name| Write::Record(Fact::new(name, Actor::system()).within(scope));
        if how == Comparison::Wrong {
            return Ok(Some(vec![fact("tempcode.attempt_failed")]));
        }
        let tenant = TenantId::new(&scope.tenant).map_err(away)?;
        let id = ticket.subject.user_id.as_bytes().to_vec();
        let Some(live) = self.vault.get(&Key::new(&tenant, CODE, id.clone())).await.map_err(away)? else {
            return Ok(None);
        };
        let consumed = Write::Delete { kind: "test-code", id, expected: Expected::Version(live.version) };
        Ok(Some(vec![consumed, fact("tempcode.verified")]))
    }
}

fn rand_like(scope: &Scope) -> u128 {
    scope.run.as_u128() & u128::from(u64::MAX)
}

pub(crate) fn token_key(run: Uuid) -> Key {
    Key::new(&TenantId::default(), TOKEN, run.as_bytes().as_slice())
}

/// Registers one token per run.
pub(crate) struct StoreTokens {
    vault: Vault,
}

impl StoreTokens {
    pub(crate) fn new(vault: Vault) -> Self {
        Self { vault }
    }

    async fn at_rest(&self, scope: &Scope) -> Result<Option<u64>, PortError> {
        let tenant = TenantId::new(&scope.tenant).map_err(away)?;
        let key = Key::new(&tenant, TOKEN, scope.run.as_bytes().as_slice());
        Ok(self.vault.get(&key).await.map_err(away)?.map(|record| record.version))
    }
}

#[async_trait]
impl Tokens for StoreTokens {
    async fn mint(&self, scope: &Scope, grant: &Grant) -> Result<Minted, PortError> {
        let methods: Vec<_> = grant.methods.iter().map(|method| method.as_str()).collect();
        let claims = Value::from(serde_json::json!({ "sub": &*grant.subject.user_id, "amr": methods }));
        let token = Value::from(format!("token-of-{}", scope.run)).into_secret();
        let fields: Object =
            [("access_token".into(), token), ("token_type".into(), Value::from("Bearer"))].into_iter().collect();
        let expected = self.at_rest(scope).await?.map_or(Expected::Absent, Expected::Version);
        let id = scope.run.as_bytes().to_vec();
        let write = Write::Put { kind: "test-token", id, expected, value: Vec::new(), expires_at: None };
        Ok(Minted { tokens: Value::from(fields), claims, writes: vec![write] })
    }

    async fn confirm(&self, scope: &Scope, _: &Grant) -> Result<Confirmation, PortError> {
        Ok(match self.at_rest(scope).await? {
            Some(version) => {
                let id = scope.run.as_bytes().to_vec();
                let expected = Expected::Version(version);
                Confirmation::Good(vec![Write::Require { kind: "test-token", id, expected }])
            }
            None => Confirmation::Refused { reason: "the tokens are gone".to_owned() },
        })
    }

    async fn revoke(&self, scope: &Scope) -> Result<Vec<Write>, PortError> {
        let Some(version) = self.at_rest(scope).await? else { return Ok(Vec::new()) };
        let id = scope.run.as_bytes().to_vec();
        Ok(vec![Write::Delete { kind: "test-token", id, expected: Expected::Version(version) }])
    }
}

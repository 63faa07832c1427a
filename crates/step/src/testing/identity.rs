//! Fakes of the identity ports: one user, one secret, and counters to look at.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use uuid::Uuid;
use wayfarer_lang::value::Object;
use wayfarer_lang::{Secret, Value};

use crate::attempt::{Claim, Refusal};
use crate::port::{Comparison, Confirmation, Count, Directory, Grant, Ledger, Minted, Ticket, Tokens, Verifier};
use crate::{Identifier, PortError, Scope, Subject, Write};

/// A ledger that knows one user and never locks.
#[derive(Debug)]
pub struct FakeLedger {
    user: Subject,
    refusal: Option<Refusal>,
    counted: AtomicUsize,
}

impl FakeLedger {
    /// A ledger for one user.
    #[must_use]
    pub fn for_user(user_id: &str) -> Self {
        let user = Subject { user_id: user_id.into(), external_user_id: Some(user_id.into()) };
        Self { user, refusal: None, counted: AtomicUsize::new(0) }
    }

    /// Lets nothing be compared, for this reason.
    #[must_use]
    pub const fn refusing(mut self, refusal: Refusal) -> Self {
        self.refusal = Some(refusal);
        self
    }

    /// How many attempts were counted.
    pub fn counted(&self) -> usize {
        self.counted.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Ledger for FakeLedger {
    async fn count(&self, _scope: &Scope, claim: &Claim) -> Result<Count, PortError> {
        let Identifier::User(user) = &claim.identifier;
        if let Some(refusal) = self.refusal {
            return Ok(Count::Closed(refusal));
        }
        if **user != *self.user.user_id {
            return Ok(Count::Closed(Refusal::UnknownUser));
        }
        let number = self.counted.fetch_add(1, Ordering::SeqCst);
        Ok(Count::Open(Ticket {
            id: Uuid::from_u128(number as u128 + 1),
            subject: self.user.clone(),
            method: claim.method.clone(),
            material: Arc::new(()),
        }))
    }

    async fn settle(&self, _: &Scope, _: &Ticket, _: Comparison) -> Result<Option<Vec<Write>>, PortError> {
        Ok(Some(Vec::new()))
    }
}

/// A verifier that accepts one secret, and counts what it compared.
#[derive(Debug)]
pub struct FakeVerifier {
    right: Secret<String>,
    compared: AtomicUsize,
    pretended: AtomicUsize,
}

impl FakeVerifier {
    /// Accepts this secret.
    #[must_use]
    pub fn accepting(secret: &str) -> Self {
        let right = Secret::new(secret.to_owned());
        Self { right, compared: AtomicUsize::new(0), pretended: AtomicUsize::new(0) }
    }

    /// How many secrets were compared.
    pub fn compared(&self) -> usize {
        self.compared.load(Ordering::SeqCst)
    }

    /// How often the work was done on nothing.
    pub fn pretended(&self) -> usize {
        self.pretended.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Verifier for FakeVerifier {
    async fn compare(&self, _: &Ticket, secret: &Secret<String>) -> Result<bool, PortError> {
        self.compared.fetch_add(1, Ordering::SeqCst);
        Ok(self.right.matches(secret.expose()))
    }

    async fn pretend(&self, _: &Secret<String>) -> Result<(), PortError> {
        self.pretended.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// Tokens that are only words, and counters of what was made and taken back.
#[derive(Debug, Default)]
pub struct FakeTokens {
    refuse: bool,
    minted: AtomicUsize,
    confirmed: AtomicUsize,
    revoked: AtomicUsize,
}

impl FakeTokens {
    /// Says at completion that the user may no longer sign in.
    #[must_use]
    pub fn refusing() -> Self {
        Self { refuse: true, ..Self::default() }
    }

    /// How often tokens were made.
    pub fn minted(&self) -> usize {
        self.minted.load(Ordering::SeqCst)
    }

    /// How often they were taken back.
    pub fn revoked(&self) -> usize {
        self.revoked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Tokens for FakeTokens {
    async fn mint(&self, _: &Scope, grant: &Grant) -> Result<Minted, PortError> {
        let number = self.minted.fetch_add(1, Ordering::SeqCst) + 1;
        let claims = Value::from(serde_json::json!({ "sub": &*grant.subject.user_id }));
        let token = Value::from(format!("token-{number}")).into_secret();
        let fields: Object =
            [("access_token".into(), token), ("token_type".into(), Value::from("Bearer"))].into_iter().collect();
        Ok(Minted { tokens: Value::from(fields), claims, writes: Vec::new() })
    }

    async fn confirm(&self, _: &Scope, _: &Grant) -> Result<Confirmation, PortError> {
        self.confirmed.fetch_add(1, Ordering::SeqCst);
        if self.refuse {
            return Ok(Confirmation::Refused { reason: "the user was disabled".to_owned() });
        }
        Ok(Confirmation::Good(Vec::new()))
    }

    async fn revoke(&self, _: &Scope) -> Result<Vec<Write>, PortError> {
        self.revoked.fetch_add(1, Ordering::SeqCst);
        Ok(Vec::new())
    }
}

/// A directory that knows every user by nothing but the id.
#[derive(Debug, Default)]
pub struct FakeDirectory;

#[async_trait]
impl Directory for FakeDirectory {
    async fn user_context(&self, _: &Scope, user_id: &str) -> Result<Option<Value>, PortError> {
        Ok(Some(Value::from(serde_json::json!({ "user_id": user_id }))))
    }
}

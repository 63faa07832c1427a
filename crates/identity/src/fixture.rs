//! For tests: an identity over a store in memory, and a committing helper that does what the driver does with an attempt.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod watched;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::SignedDuration;
use uuid::Uuid;
use wayfarer_step::attempt::Journal;
use wayfarer_step::port::{Ledger, Ticket, Verifier};
use wayfarer_step::{Actor, Attempts, Claim, Identifier, Method, PortError, Refusal, Scope, Secret, Source, Verdict};
use wayfarer_store::{KeyRing, ManualClock, MemoryStore, Store, TenantId, Vault};

pub(crate) use watched::Watched;

use crate::record::{self, Outcome};
use crate::{Applications, Identity, IssueCode, IssuedCode, Lifetime, NewUser, Reason, SystemEntropy, User, UserRef};

/// How an attempt ended, the commit included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// The code was right and its use is committed.
    Verified,
    /// It was refused.
    Refused(Refusal),
    /// It was right, but void by the time of the commit.
    Void,
}

pub(crate) struct Fixture {
    pub(crate) identity: Identity,
    pub(crate) vault: Arc<Vault>,
    pub(crate) clock: ManualClock,
    pub(crate) tenant: TenantId,
    pub(crate) support: Actor,
    pub(crate) verifier: Arc<CountingVerifier>,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        Self::with(Applications::default()).await
    }

    pub(crate) async fn with(applications: Applications) -> Self {
        let clock = ManualClock::default();
        let store = MemoryStore::new(clock.clone()).unwrap();
        Self::over(Arc::new(store), Arc::new(KeyRing::ephemeral().unwrap()), clock, applications).await
    }

    /// Applications as a file would configure them.
    pub(crate) async fn configured(json: serde_json::Value) -> Self {
        Self::with(serde_json::from_value(json).unwrap()).await
    }

    pub(crate) async fn over(
        store: Arc<dyn Store>,
        keys: Arc<KeyRing>,
        clock: ManualClock,
        applications: Applications,
    ) -> Self {
        let vault = Arc::new(Vault::open(store, keys).await.unwrap());
        let identity = Identity::open(vault.clone(), applications, Arc::new(SystemEntropy)).unwrap();
        let verifier = Arc::new(CountingVerifier { inner: identity.verifier(), compared: AtomicUsize::new(0) });
        let support = Actor { kind: "agent".into(), id: "sam".into() };
        Self { identity, vault, clock, tenant: TenantId::default(), support, verifier }
    }

    pub(crate) fn scope(&self) -> Scope {
        static RUNS: AtomicU64 = AtomicU64::new(1);
        let run = Uuid::from_u128(RUNS.fetch_add(1, Ordering::Relaxed).into());
        Scope {
            tenant: self.tenant.as_str().into(),
            application: "default".into(),
            run,
            journey: "recovery".into(),
            source: Source::default(),
        }
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub(crate) async fn user(&self, external: &str) -> User {
        let new = NewUser { external_user_id: Some(external.to_owned()), ..NewUser::default() };
        self.identity.add_user(&self.tenant, &self.support, &new).await.unwrap()
    }

    pub(crate) async fn issue(&self, user: &str) -> IssuedCode {
        self.issue_for(user, 300).await
    }

    pub(crate) async fn issue_for(&self, user: &str, seconds: i64) -> IssuedCode {
        let request = IssueCode::new(UserRef::id(user).unwrap()).expires_in(Lifetime::from_seconds(seconds).unwrap());
        self.identity.issue_code(&self.tenant, &self.support, &request).await.unwrap()
    }

    pub(crate) fn claim(user: &str, code: &str) -> Claim {
        Claim {
            method: Method::TEMP_CODE,
            identifier: Identifier::User(user.into()),
            secret: Secret::new(code.to_owned()),
        }
    }

    pub(crate) async fn attempt(&self, user: &str, code: &str) -> Tried {
        self.attempt_in(&self.scope(), user, code).await
    }

    /// Count, compare, settle and commit, as the driver does.
    pub(crate) async fn attempt_in(&self, scope: &Scope, user: &str, code: &str) -> Tried {
        let ledger = self.identity.ledger();
        let journal = Journal::default();
        let attempts = Attempts::new(scope.clone(), ledger.clone(), self.verifier.clone(), journal.clone());
        let verdict = attempts.verify(Self::claim(user, code)).await.unwrap();
        for compared in journal.take() {
            if !self.settle(&*ledger, scope, &compared.ticket, compared.how).await {
                return Tried::Void;
            }
        }
        match verdict {
            Verdict::Verified(_) => Tried::Verified,
            Verdict::Refused(refusal) => Tried::Refused(refusal),
        }
    }

    /// Whether what the ledger wants was committed; asked again after each conflict.
    pub(crate) async fn settle(
        &self,
        ledger: &dyn Ledger,
        scope: &Scope,
        ticket: &Ticket,
        how: wayfarer_step::port::Comparison,
    ) -> bool {
        loop {
            let Some(writes) = ledger.settle(scope, ticket, how).await.unwrap() else { return false };
            if let Outcome::Done = record::commit(&self.vault, &self.tenant, writes).await.unwrap() {
                return true;
            }
        }
    }

    pub(crate) fn compared(&self) -> usize {
        self.verifier.compared.load(Ordering::SeqCst)
    }

    pub(crate) fn reason() -> Reason {
        Reason::new("the caller proved who they are").unwrap()
    }
}

/// A code of the same length that is not this one.
pub(crate) fn wrong(code: &IssuedCode) -> String {
    code.code.expose().chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
}

/// Counts what is really compared.
pub(crate) struct CountingVerifier {
    inner: Arc<dyn Verifier>,
    compared: AtomicUsize,
}

#[async_trait]
impl Verifier for CountingVerifier {
    async fn compare(&self, ticket: &Ticket, secret: &Secret<String>) -> Result<bool, PortError> {
        self.compared.fetch_add(1, Ordering::SeqCst);
        self.inner.compare(ticket, secret).await
    }

    async fn pretend(&self, secret: &Secret<String>) -> Result<(), PortError> {
        self.inner.pretend(secret).await
    }
}

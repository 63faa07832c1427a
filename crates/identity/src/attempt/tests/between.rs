//! Somebody acts between the reads and the commit of somebody else: what was read no longer stands, and nothing is built
//! on it.

use std::sync::Arc;

use wayfarer_step::Refusal;
use wayfarer_step::port::Count;
use wayfarer_store::{KeyRing, ManualClock, MemoryStore};

use crate::attempt::material;
use crate::fixture::{Fixture, Watched};
use crate::{Applications, IdentityError, IssueCode, UserRef};

/// Two nodes on one store; the first can be held just before a commit.
struct Nodes {
    held: Fixture,
    free: Fixture,
    store: Arc<Watched>,
}

impl Nodes {
    async fn new() -> Self {
        let clock = ManualClock::default();
        let inner = Arc::new(MemoryStore::new(clock.clone()).unwrap());
        let keys = Arc::new(KeyRing::ephemeral().unwrap());
        let free = Fixture::over(inner.clone(), keys.clone(), clock.clone(), Applications::default()).await;
        let store = Arc::new(Watched::over(inner));
        let held = Fixture::over(store.clone(), keys, clock, Applications::default()).await;
        Self { held, free, store }
    }

    /// What the first node gets if `meddling` happens at its commit.
    async fn meddle<T>(&self, work: impl Future<Output = T>, meddling: impl AsyncFnOnce(&Fixture)) -> T {
        self.store.hold();
        let meddling = async {
            self.store.held().await;
            meddling(&self.free).await;
            self.store.release();
        };
        let (result, ()) = tokio::join!(work, meddling);
        result
    }
}

#[tokio::test]
async fn r15_an_attempt_is_counted_for_the_code_that_is_live_at_the_commit() {
    let nodes = Nodes::new().await;
    nodes.free.user("ann").await;
    nodes.free.issue("ann").await;
    let (ledger, scope, claim) = (nodes.held.identity.ledger(), nodes.held.scope(), Fixture::claim("ann", "000000"));
    let mut newest = None;
    let count = nodes.meddle(ledger.count(&scope, &claim), async |f| newest = Some(f.issue("ann").await)).await;
    let Count::Open(ticket) = count.unwrap() else { panic!("closed") };
    assert_eq!(material(&ticket).unwrap().binding.code_id, newest.unwrap().code_id);
    let status = nodes.free.identity.code_status(&nodes.free.tenant, &UserRef::id("ann").unwrap()).await.unwrap();
    assert_eq!(status.attempts, 1);
}

#[tokio::test]
async fn an_attempt_is_not_counted_for_a_code_that_was_revoked_at_the_commit() {
    let nodes = Nodes::new().await;
    let ann = UserRef::id("ann").unwrap();
    nodes.free.user("ann").await;
    nodes.free.issue("ann").await;
    let (ledger, scope, claim) = (nodes.held.identity.ledger(), nodes.held.scope(), Fixture::claim("ann", "000000"));
    let count = nodes
        .meddle(ledger.count(&scope, &claim), async |f| {
            assert!(f.identity.revoke_code(&f.tenant, &f.support, &ann).await.unwrap());
        })
        .await;
    assert!(matches!(count.unwrap(), Count::Closed(Refusal::NoCode)));
}

#[tokio::test]
async fn t19_no_code_is_issued_to_a_user_who_is_disabled_at_the_commit() {
    let nodes = Nodes::new().await;
    let ann = UserRef::id("ann").unwrap();
    nodes.free.user("ann").await;
    let (node, request) = (&nodes.held, IssueCode::new(ann.clone()));
    let issued = nodes
        .meddle(node.identity.issue_code(&node.tenant, &node.support, &request), async |f| {
            f.identity.disable_user(&f.tenant, &f.support, &ann).await.unwrap();
        })
        .await;
    assert!(matches!(issued, Err(IdentityError::UserDisabled)), "{issued:?}");
}

/// T18: of two codes issued at once, the later commit is the only live one, and it says that it replaced the other.
#[tokio::test]
async fn t18_of_two_codes_issued_at_once_one_is_live() {
    let nodes = Nodes::new().await;
    let ann = UserRef::id("ann").unwrap();
    nodes.free.user("ann").await;
    let (node, request) = (&nodes.held, IssueCode::new(ann.clone()));
    let mut other = None;
    let issued = nodes
        .meddle(node.identity.issue_code(&node.tenant, &node.support, &request), async |f| {
            other = Some(f.issue("ann").await);
        })
        .await
        .unwrap();
    assert!(issued.superseded && !other.unwrap().superseded);
    let status = nodes.free.identity.code_status(&nodes.free.tenant, &ann).await.unwrap();
    assert_eq!(status.code.unwrap().code_id, issued.code_id);
}

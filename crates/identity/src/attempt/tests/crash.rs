//! What happens between count and commit: nothing that happens there makes a void attempt a success.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;
use wayfarer_step::port::{Comparison, Count, Ticket};
use wayfarer_step::{Refusal, Scope};

use wayfarer_store::{KeyRing, ManualClock, RedbStore};

use crate::attempt::AttemptsRecord;
use crate::fixture::{Fixture, Tried, wrong};
use crate::record::{self, Outcome};
use crate::{Applications, IssuedCode, Passcodes, UserRef};

async fn counted(f: &Fixture, scope: &Scope, code: &IssuedCode) -> Arc<Ticket> {
    let claim = Fixture::claim("ann", code.code.expose());
    let Count::Open(ticket) = f.identity.ledger().count(scope, &claim).await.unwrap() else { panic!("closed") };
    assert!(f.identity.verifier().compare(&ticket, &claim.secret).await.unwrap());
    Arc::new(ticket)
}

async fn is_void(f: &Fixture, scope: &Scope, ticket: &Ticket) -> bool {
    !f.settle(&*f.identity.ledger(), scope, ticket, Comparison::Right).await
}

#[tokio::test]
async fn a_right_attempt_is_void_once_its_code_was_replaced_revoked_or_used() {
    let f = Fixture::new().await;
    let ann = UserRef::id("ann").unwrap();
    f.user("ann").await;
    let scope = f.scope();

    let code = f.issue("ann").await;
    let ticket = counted(&f, &scope, &code).await;
    f.issue("ann").await;
    assert!(is_void(&f, &scope, &ticket).await, "replaced");

    let code = f.issue("ann").await;
    let ticket = counted(&f, &scope, &code).await;
    f.identity.revoke_code(&f.tenant, &f.support, &ann).await.unwrap();
    assert!(is_void(&f, &scope, &ticket).await, "revoked");

    f.identity.unlock(&f.tenant, &f.support, &ann, &Fixture::reason()).await.unwrap();
    let code = f.issue("ann").await;
    let ticket = counted(&f, &scope, &code).await;
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);
    assert!(is_void(&f, &scope, &ticket).await, "used");
}

#[tokio::test]
async fn a_right_attempt_is_void_once_another_has_burnt_the_code() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let scope = f.scope();
    let code = f.issue("ann").await;
    let ticket = counted(&f, &scope, &code).await;
    f.attempt("ann", &wrong(&code)).await;
    f.attempt("ann", &wrong(&code)).await;
    assert!(is_void(&f, &scope, &ticket).await);
    let ann = UserRef::id("ann").unwrap();
    f.identity.unlock(&f.tenant, &f.support, &ann, &Fixture::reason()).await.unwrap();
    assert!(is_void(&f, &scope, &ticket).await, "unlocking revives nothing");
}

#[test]
fn only_the_attempt_that_locked_may_take_its_own_lock_away() {
    let (own, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let now = Timestamp::UNIX_EPOCH;
    let passcodes = Passcodes::default();
    let mut record = AttemptsRecord::default();
    assert_eq!(record.succeeded(own), Some(AttemptsRecord::default()));
    for _ in 0..3 {
        record = record.counted(&passcodes, now, own);
    }
    assert_eq!(record.succeeded(own), Some(AttemptsRecord::default()));
    assert_eq!(record.succeeded(other), None);
    for _ in 3..100 {
        record = record.counted(&passcodes, now, own);
    }
    let disabled = record.unlocked();
    assert!(disabled.is_disabled() && disabled.locked_until().is_none());
    assert_eq!(disabled.succeeded(own), Some(AttemptsRecord::default()));
    assert_eq!(disabled.succeeded(other), None);
}

/// T19 and R45: the user is looked at again, and stays as looked at until the commit.
#[tokio::test]
async fn r45_a_disabling_in_between_wins() {
    let f = Fixture::new().await;
    let ann = UserRef::id("ann").unwrap();
    f.user("ann").await;
    let scope = f.scope();

    let code = f.issue("ann").await;
    let ticket = counted(&f, &scope, &code).await;
    let staged = f.identity.ledger().settle(&scope, &ticket, Comparison::Right).await.unwrap().unwrap();
    f.identity.disable_user(&f.tenant, &f.support, &ann).await.unwrap();
    let outcome = record::commit(&f.vault, &f.tenant, staged).await.unwrap();
    assert!(matches!(outcome, Outcome::Conflict(_)), "what was staged before does not commit after");
    assert!(is_void(&f, &scope, &ticket).await, "and asked again, nothing is staged");

    f.identity.enable_user(&f.tenant, &f.support, &ann).await.unwrap();
    assert!(is_void(&f, &scope, &ticket).await, "the code died with the disabling");
}

/// The last attempt has burnt the code when it was counted, so that the disabling has no code to revoke.
#[tokio::test]
async fn r45_a_disabling_in_between_wins_over_the_last_attempt_too() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let scope = f.scope();
    let code = f.issue("ann").await;
    f.attempt("ann", &wrong(&code)).await;
    f.attempt("ann", &wrong(&code)).await;
    let ticket = counted(&f, &scope, &code).await;
    let staged = f.identity.ledger().settle(&scope, &ticket, Comparison::Right).await.unwrap().unwrap();
    f.identity.disable_user(&f.tenant, &f.support, &UserRef::id("ann").unwrap()).await.unwrap();
    let outcome = record::commit(&f.vault, &f.tenant, staged).await.unwrap();
    assert!(matches!(outcome, Outcome::Conflict(_)));
    assert!(is_void(&f, &scope, &ticket).await);
}

/// The same settlement committed twice, as after an answer that was lost: the second changes nothing.
#[tokio::test]
async fn r07_a_settlement_commits_once() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let scope = f.scope();
    let code = f.issue("ann").await;
    let ticket = counted(&f, &scope, &code).await;
    let staged = f.identity.ledger().settle(&scope, &ticket, Comparison::Right).await.unwrap().unwrap();
    let first = record::commit(&f.vault, &f.tenant, staged.clone()).await.unwrap();
    let second = record::commit(&f.vault, &f.tenant, staged).await.unwrap();
    assert!(matches!((first, second), (Outcome::Done, Outcome::Conflict(_))));
    assert!(is_void(&f, &scope, &ticket).await);
}

/// The process ends between count and comparison, and another one opens the file.
#[tokio::test]
async fn r09_a_counted_attempt_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(KeyRing::ephemeral().unwrap());
    let open = async || {
        let clock = ManualClock::default();
        let store = Arc::new(RedbStore::open(folder.path().join("store.redb"), clock.clone()).unwrap());
        Fixture::over(store, keys.clone(), clock, Applications::default()).await
    };
    let f = open().await;
    f.user("ann").await;
    let code = f.issue("ann").await;
    drop(counted(&f, &f.scope(), &code).await);
    drop(f);
    for _ in 0..2 {
        let f = open().await;
        assert_eq!(f.attempt("ann", &wrong(&code)).await, Tried::Refused(Refusal::Wrong));
    }
    assert_eq!(open().await.attempt("ann", code.code.expose()).await, Tried::Refused(Refusal::Locked));
}

#[tokio::test]
async fn a_ticket_of_another_ledger_is_refused() {
    let f = Fixture::new().await;
    let user = f.user("ann").await;
    let ticket = Ticket {
        id: Uuid::nil(),
        subject: user.subject(),
        method: wayfarer_step::Method::TEMP_CODE,
        material: Arc::new(()),
    };
    assert!(f.identity.ledger().settle(&f.scope(), &ticket, Comparison::Right).await.is_err());
    let secret = wayfarer_step::Secret::new("123456".to_owned());
    assert!(f.identity.verifier().compare(&ticket, &secret).await.is_err());
}

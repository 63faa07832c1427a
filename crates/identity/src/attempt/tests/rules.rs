//! The rules one by one, under a clock that stands still.

use serde_json::json;
use wayfarer_step::{Method, Refusal};

use crate::attempt::AttemptsRecord;
use crate::fixture::{Fixture, Tried, wrong};
use crate::record::{self, Outcome};
use crate::{CodeStatus, IdentityError, IssueCode, UserRef};

const WRONG: Tried = Tried::Refused(Refusal::Wrong);
const LOCKED: Tried = Tried::Refused(Refusal::Locked);
const NO_CODE: Tried = Tried::Refused(Refusal::NoCode);
const EXPIRED: Tried = Tried::Refused(Refusal::Expired);
const DISABLED: Tried = Tried::Refused(Refusal::Disabled);

#[tokio::test]
async fn a_code_signs_in_once_however_it_is_typed() {
    let f = Fixture::new().await;
    let user = f.user("user123").await;
    let code = f.issue("user123").await;
    let (start, end) = code.code.expose().split_at(3);
    assert_eq!(f.attempt("user123", &format!(" {start}-{end} ")).await, Tried::Verified);
    assert_eq!(f.attempt("user123", code.code.expose()).await, NO_CODE);

    let code = f.issue("user123").await;
    assert_eq!(f.attempt(&user.user_id, code.code.expose()).await, Tried::Verified, "by the user id as well");
}

#[tokio::test]
async fn r05_a_code_lives_until_the_moment_it_expires() {
    for seconds in [60, 300, 600, 3_600] {
        for (milliseconds, accepted) in [(-1, true), (0, false), (1, false)] {
            let f = Fixture::new().await;
            f.user("ann").await;
            let code = f.issue_for("ann", seconds).await;
            f.advance(seconds);
            f.clock.advance(jiff::SignedDuration::from_millis(milliseconds));
            let expected = if accepted { Tried::Verified } else { EXPIRED };
            assert_eq!(f.attempt("ann", code.code.expose()).await, expected, "{seconds} s {milliseconds} ms");
            assert_eq!(f.compared(), usize::from(accepted), "an expired code is not compared");
        }
    }
}

#[tokio::test]
async fn r09_a_counted_attempt_stays_counted_when_nothing_follows() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let code = f.issue("ann").await;
    for _ in 0..3 {
        // The process dies between count and comparison.
        let claim = Fixture::claim("ann", code.code.expose());
        drop(f.identity.ledger().count(&f.scope(), &claim).await.unwrap());
    }
    assert_eq!(f.attempt("ann", code.code.expose()).await, LOCKED);
    assert_eq!(f.compared(), 0);
}

#[tokio::test]
async fn r10_the_last_attempt_locks_and_burns_the_code() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let code = f.issue("ann").await;
    for _ in 0..3 {
        assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG);
    }
    assert_eq!(f.attempt("ann", code.code.expose()).await, LOCKED);
    f.advance(900);
    assert_eq!(
        f.attempt("ann", code.code.expose()).await,
        NO_CODE,
        "burnt for good, though its five minutes are over too"
    );
    assert_eq!(f.compared(), 3);
}

#[tokio::test]
async fn the_last_attempt_may_be_the_right_one() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let code = f.issue("ann").await;
    assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG);
    assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG);
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);
    let status = f.identity.code_status(&f.tenant, &UserRef::id("ann").unwrap()).await.unwrap();
    assert_eq!((status.attempts, status.locked_until, status.consecutive_failures), (0, None, 0));
    assert_eq!(status.code.unwrap().status, CodeStatus::Used);
}

#[tokio::test]
async fn r11_neither_a_new_code_nor_time_gives_attempts_back() {
    let f = Fixture::new().await;
    f.user("ann").await;
    for _ in 0..2 {
        let code = f.issue("ann").await;
        assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG);
        f.advance(86_400 * 30);
    }
    let code = f.issue("ann").await;
    assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG);
    assert_eq!(f.attempt("ann", code.code.expose()).await, LOCKED, "one for each code, none for the third");
}

#[tokio::test]
async fn r12_after_a_hundred_failures_in_a_row_only_an_administrator_helps() {
    let f = Fixture::new().await;
    let ann = UserRef::id("ann").unwrap();
    f.user("ann").await;
    for number in 1..=100 {
        let code = f.issue("ann").await;
        assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG, "failure {number}");
        // Days pass; each third failure locks for a quarter of an hour in between.
        f.advance(40_000);
    }
    let request = IssueCode::new(ann.clone());
    let refused = f.identity.issue_code(&f.tenant, &f.support, &request).await;
    assert!(matches!(refused, Err(IdentityError::MethodDisabled)));
    assert_eq!(f.attempt("ann", "123456").await, DISABLED);
    assert_eq!(f.compared(), 100);

    f.identity.unlock(&f.tenant, &f.support, &ann, &Fixture::reason()).await.unwrap();
    assert_eq!(f.attempt("ann", "123456").await, DISABLED, "unlocking is not enabling");

    assert!(f.identity.enable_method(&f.tenant, &f.support, &ann, &Fixture::reason()).await.unwrap());
    let code = f.issue("ann").await;
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);
}

#[tokio::test]
async fn r12_a_right_code_ends_the_row() {
    let f = Fixture::configured(json!({ "default": { "one_time_passcodes": { "failure_cap": 10 } } })).await;
    f.user("ann").await;
    for _ in 0..9 {
        let code = f.issue("ann").await;
        assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG);
        f.advance(900);
    }
    let code = f.issue("ann").await;
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified, "the tenth in a row is right");
    let code = f.issue("ann").await;
    assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG);
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);
}

#[tokio::test]
async fn r13_success_resets_only_the_method_that_was_used() {
    let f = Fixture::new().await;
    let user = f.user("ann").await;
    let other = Method::new("otp");
    let loaded = AttemptsRecord::load(&f.vault, &f.tenant, &user.user_id, &other).await.unwrap();
    let passcodes = crate::Passcodes::default();
    let counted = AttemptsRecord::default().counted(&passcodes, f.vault.now().await.unwrap(), uuid::Uuid::nil());
    let writes = vec![loaded.put(&counted, None).unwrap()];
    assert!(matches!(record::commit(&f.vault, &f.tenant, writes).await.unwrap(), Outcome::Done));

    let code = f.issue("ann").await;
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);
    let after = AttemptsRecord::load(&f.vault, &f.tenant, &user.user_id, &other).await.unwrap().value.unwrap();
    assert_eq!(after, counted);
}

#[tokio::test]
async fn r15_a_new_code_is_the_only_one() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let old = f.issue("ann").await;
    let new = f.issue("ann").await;
    assert!(!old.superseded && new.superseded);
    if old.code.expose() != new.code.expose() {
        assert_eq!(f.attempt("ann", old.code.expose()).await, WRONG);
    }
    assert_eq!(f.attempt("ann", new.code.expose()).await, Tried::Verified);
}

#[tokio::test]
async fn r41_guesses_without_a_live_code_harm_nobody() {
    let f = Fixture::new().await;
    f.user("ann").await;
    for _ in 0..500 {
        assert_eq!(f.attempt("ann", "123456").await, NO_CODE);
    }
    let code = f.issue("ann").await;
    f.advance(300);
    for _ in 0..100 {
        assert_eq!(f.attempt("ann", code.code.expose()).await, EXPIRED);
    }
    let code = f.issue("ann").await;
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);
    assert_eq!(f.compared(), 1);
}

#[tokio::test]
async fn r42_a_lock_is_not_extended_and_ends_on_time() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let code = f.issue("ann").await;
    for _ in 0..3 {
        assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG);
    }
    let code = f.issue_for("ann", 3_600).await;
    for _ in 0..30 {
        f.advance(29);
        assert_eq!(f.attempt("ann", code.code.expose()).await, LOCKED, "issuing works, but does not unlock");
    }
    f.advance(30);
    f.clock.advance(jiff::SignedDuration::from_millis(-1));
    assert_eq!(f.attempt("ann", code.code.expose()).await, LOCKED);
    f.clock.advance(jiff::SignedDuration::from_millis(1));
    for _ in 0..2 {
        assert_eq!(f.attempt("ann", &wrong(&code)).await, WRONG, "the lock's end has set the count to 0");
    }
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);
}

#[tokio::test]
async fn a_revoked_code_is_none() {
    let f = Fixture::new().await;
    let ann = UserRef::id("ann").unwrap();
    f.user("ann").await;
    let code = f.issue("ann").await;
    assert!(f.identity.revoke_code(&f.tenant, &f.support, &ann).await.unwrap());
    assert!(!f.identity.revoke_code(&f.tenant, &f.support, &ann).await.unwrap());
    assert_eq!(f.attempt("ann", code.code.expose()).await, NO_CODE);
}

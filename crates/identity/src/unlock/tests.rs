//! What an administrator can open again, and what not.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use wayfarer_step::Refusal;

use super::*;
use crate::fixture::{Fixture, Tried, wrong};
use crate::{AuditQuery, CodeStatus};

#[test]
fn a_reason_says_something() {
    for good in ["x", "case 4711, video call", &"ä".repeat(256)] {
        assert!(Reason::new(good).is_ok(), "{good}");
    }
    for bad in ["", "   ", "\n", "a\nb", "\u{1b}[31m", &"x".repeat(257)] {
        assert!(Reason::new(bad).is_err(), "{bad:?}");
    }
}

#[tokio::test]
async fn unlocking_opens_the_method_but_revives_no_code_and_forgives_no_row() {
    let f = Fixture::new().await;
    let user = f.user("ann").await;
    let ann = UserRef::id("ann").unwrap();
    let code = f.issue("ann").await;
    for _ in 0..3 {
        f.attempt("ann", &wrong(&code)).await;
    }
    assert!(f.identity.unlock(&f.tenant, &f.support, &ann, &Fixture::reason()).await.unwrap());
    assert!(!f.identity.unlock(&f.tenant, &f.support, &ann, &Fixture::reason()).await.unwrap());
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Refused(Refusal::NoCode));
    let status = f.identity.code_status(&f.tenant, &ann).await.unwrap();
    assert_eq!((status.attempts, status.locked_until, status.consecutive_failures), (0, None, 3));
    assert_eq!(status.code.unwrap().status, CodeStatus::Burnt);

    let code = f.issue("ann").await;
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);

    let query = AuditQuery { name: Some("tempcode.unlocked".into()), ..AuditQuery::default() };
    let entries = f.identity.audit(&f.tenant, &query).await.unwrap().entries;
    let fact = &entries.first().unwrap().fact;
    assert_eq!((entries.len(), &fact.actor, &fact.subject), (2, &f.support, &Some(user.user_id)));
    assert_eq!(fact.reason.as_deref(), Some("the caller proved who they are"));
    assert_eq!(fact.result.as_deref(), Some("done"));
}

#[tokio::test]
async fn unlocking_before_the_lock_gives_the_attempts_back() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let ann = UserRef::id("ann").unwrap();
    let code = f.issue("ann").await;
    for _ in 0..2 {
        f.attempt("ann", &wrong(&code)).await;
    }
    assert!(!f.identity.unlock(&f.tenant, &f.support, &ann, &Fixture::reason()).await.unwrap(), "there was no lock");
    for _ in 0..2 {
        assert_eq!(f.attempt("ann", &wrong(&code)).await, Tried::Refused(Refusal::Wrong));
    }
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);
}

#[tokio::test]
async fn an_unknown_user_cannot_be_unlocked() {
    let f = Fixture::new().await;
    let nobody = UserRef::id("nobody").unwrap();
    let refused = f.identity.unlock(&f.tenant, &f.support, &nobody, &Fixture::reason()).await;
    assert!(matches!(refused, Err(IdentityError::UnknownUser)));
}

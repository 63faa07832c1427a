//! To a client all refusals look alike, and so does the work behind them (R38, R39).

use std::sync::Arc;

use wayfarer_step::Refusal;
use wayfarer_step::port::Count;
use wayfarer_store::{KeyRing, ManualClock};

use crate::fixture::{Fixture, Tried, Watched, wrong};
use crate::{Applications, UserRef};

#[tokio::test]
async fn r39_every_kind_of_attempt_does_the_same_work_in_the_store() {
    let clock = ManualClock::default();
    let store = Arc::new(Watched::new(&clock));
    let keys = Arc::new(KeyRing::ephemeral().unwrap());
    let f = Fixture::over(store.clone(), keys, clock, Applications::default()).await;

    for user in ["wrong", "none", "expired", "used", "revoked", "locked", "disabled"] {
        f.user(user).await;
    }
    let code = f.issue("wrong").await;
    let guess = wrong(&code);
    let used = f.issue("used").await;
    assert_eq!(f.attempt("used", used.code.expose()).await, Tried::Verified);
    f.issue("revoked").await;
    f.identity.revoke_code(&f.tenant, &f.support, &UserRef::id("revoked").unwrap()).await.unwrap();
    let locked = f.issue("locked").await;
    for _ in 0..3 {
        f.attempt("locked", &wrong(&locked)).await;
    }
    f.identity.disable_user(&f.tenant, &f.support, &UserRef::id("disabled").unwrap()).await.unwrap();
    f.issue_for("expired", 60).await;
    f.advance(60);

    let states = [
        ("wrong", Refusal::Wrong),
        ("nobody", Refusal::UnknownUser),
        ("not\u{0}even a name", Refusal::UnknownUser),
        ("none", Refusal::NoCode),
        ("expired", Refusal::Expired),
        ("used", Refusal::NoCode),
        ("revoked", Refusal::NoCode),
        ("locked", Refusal::Locked),
        ("disabled", Refusal::Disabled),
    ];
    for (user, refusal) in states {
        let before = store.calls();
        let claim = Fixture::claim(user, &guess);
        let count = f.identity.ledger().count(&f.scope(), &claim).await.unwrap();
        let after = store.calls();
        assert_eq!((after.0 - before.0, after.1 - before.1), (4, 1), "{user}");
        match count {
            Count::Open(_) => assert_eq!(refusal, Refusal::Wrong, "{user}"),
            Count::Closed(found) => assert_eq!(found, refusal, "{user}"),
        }
    }
}

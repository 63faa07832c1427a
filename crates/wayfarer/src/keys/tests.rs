#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use wayfarer_identity::{IssueCode, NewUser, TokenKind, UserRef};
use wayfarer_step::{Actor, Secret, Value};
use wayfarer_store::keys::Purpose;
use wayfarer_store::{KeyFile, ManualClock};

use crate::{IdentityError, Outcome, Wayfarer, json};

const JOURNEY: &str = include_str!("../../../../journeys/temp_code_auth_journey.yaml");

async fn open(folder: &std::path::Path) -> Wayfarer {
    let builder = Wayfarer::in_folder(folder.join("data"), folder.join("keys")).clock(ManualClock::default());
    builder.journey("temp_code_auth_journey.yaml", JOURNEY).open().await.unwrap()
}

async fn gets_in(wayfarer: &Wayfarer, code: &str) -> bool {
    let params = json!({ "external_user_id": "user123", "temp_code": code });
    let answer = wayfarer.start("temp_code_auth_journey", params).await.unwrap();
    matches!(answer.outcome, Outcome::Completed { .. })
}

/// R77, R108: stopped after the key file was changed and before anything else, everything is as it was.
#[tokio::test]
async fn a_stop_right_after_the_key_file_was_written_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let actor = Actor::operator("ann");
    let wayfarer = open(folder.path()).await;
    wayfarer.add_user(NewUser::external("user123")).await.unwrap();
    let issued = wayfarer.issue_code(IssueCode::new(UserRef::id("user123").unwrap())).await.unwrap();
    wayfarer.rotate_key(&actor, Purpose::Seal).await.unwrap();
    let now = wayfarer.vault().now().await.unwrap();
    for purpose in [Purpose::Seal, Purpose::Tag, Purpose::Sign, Purpose::Audit] {
        KeyFile::change(folder.path().join("keys"), |ring| Ok((ring.rotated(purpose, now)?, ()))).unwrap();
    }
    drop(wayfarer);

    let wayfarer = open(folder.path()).await;
    assert_eq!(wayfarer.vault().keys().iter().count(), 10);
    assert!(gets_in(&wayfarer, issued.code.expose()).await);
    assert!(wayfarer.identity().verify_audit(wayfarer.tenant()).await.unwrap().findings.is_empty());
}

/// R77, R108: every kind of key is rotated every few seconds of the store's time, while codes are issued and used and tokens
/// are verified. Nobody is refused; once the overlap is over, what can retire does, and nothing is lost.
#[tokio::test]
async fn r108_keys_rotate_under_load_and_nobody_is_refused() {
    const CALLERS: usize = 8;
    let clock = ManualClock::default();
    let builder = Wayfarer::in_memory().clock(clock.clone()).journey("temp_code_auth_journey.yaml", JOURNEY);
    let wayfarer = builder.open().await.unwrap();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..CALLERS {
        let wayfarer = wayfarer.clone();
        callers.spawn(async move {
            let external = format!("user{caller}");
            wayfarer.add_user(NewUser::external(external.as_str())).await.unwrap();
            for _ in 0..60 {
                let user = UserRef::id(&external).unwrap();
                let issued = wayfarer.issue_code(IssueCode::new(user)).await.unwrap();
                tokio::task::yield_now().await;
                let params = json!({ "external_user_id": external, "temp_code": issued.code.expose() });
                let answer = wayfarer.start("temp_code_auth_journey", params).await.unwrap();
                let Outcome::Completed { tokens: Some(tokens), .. } = answer.outcome else { panic!("refused") };
                tokio::task::yield_now().await;
                let Some(Value::Secret(token)) = tokens.get("access_token") else { panic!("no token") };
                let token = Secret::new(token.expose().as_text().unwrap().to_owned());
                let identity = wayfarer.identity();
                let seen = identity.introspect(wayfarer.tenant(), "default", TokenKind::Access, &token).await.unwrap();
                assert!(seen.is_ok(), "{seen:?}");
            }
        });
    }
    let mut old = Vec::new();
    while !callers.is_empty() {
        for purpose in [Purpose::Seal, Purpose::Tag, Purpose::Sign, Purpose::Audit] {
            old.push((purpose, wayfarer.vault().keys().of(purpose).active().id()));
            wayfarer.rotate_key(&Actor::operator("ann"), purpose).await.unwrap();
            tokio::task::yield_now().await;
        }
        clock.advance(jiff::SignedDuration::from_secs(3));
        wayfarer.engine().tick(256).await.unwrap();
        while let Some(ended) = callers.try_join_next() {
            ended.unwrap();
        }
    }
    assert!(old.len() > 80, "only {} rotations", old.len());
    clock.advance(jiff::SignedDuration::from_hours(48));
    wayfarer.engine().tick(10_000).await.unwrap();
    for (purpose, id) in old {
        match wayfarer.retire_key(&Actor::operator("ann"), id).await {
            Ok(()) => {}
            // The trail keeps what sealed it.
            Err(IdentityError::KeyInUse { .. }) if matches!(purpose, Purpose::Seal | Purpose::Audit) => {}
            Err(error) => panic!("{purpose}: {error}"),
        }
    }
    assert_eq!(wayfarer.vault().keys().of(Purpose::Sign).iter().count(), 1);
    assert_eq!(wayfarer.vault().keys().of(Purpose::Tag).iter().count(), 1);
    assert!(wayfarer.identity().verify_audit(wayfarer.tenant()).await.unwrap().findings.is_empty());
    for caller in 0..CALLERS {
        let user = UserRef::id(&format!("user{caller}")).unwrap();
        assert_eq!(wayfarer.identity().code_status(wayfarer.tenant(), &user).await.unwrap().attempts, 0);
    }
}

#[tokio::test]
async fn a_new_key_file_is_used_when_it_is_read_anew_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (keys, actor) = (folder.path().join("keys"), Actor::system());
    let wayfarer = open(folder.path()).await;
    assert!(!wayfarer.reload_keys(&actor).await.unwrap());
    let now = wayfarer.vault().now().await.unwrap();
    KeyFile::change(&keys, |ring| Ok((ring.rotated(Purpose::Sign, now)?, ()))).unwrap();
    assert!(wayfarer.reload_keys(&actor).await.unwrap());
    assert_eq!(wayfarer.identity().jwks()["keys"].as_array().map(Vec::len), Some(2));

    let other = wayfarer_store::KeyRing::ephemeral().unwrap();
    KeyFile::replace(&keys, &other).unwrap();
    assert!(matches!(wayfarer.reload_keys(&actor).await, Err(IdentityError::KeyInUse { .. } | IdentityError::Keys(_))));
    assert_eq!(wayfarer.identity().jwks()["keys"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn keys_in_memory_rotate_too_and_those_of_a_hosts_own_store_are_the_hosts() {
    let wayfarer = Wayfarer::in_memory().open().await.unwrap();
    let id = wayfarer.rotate_key(&Actor::system(), Purpose::Tag).await.unwrap();
    assert_eq!(wayfarer.vault().keys().of(Purpose::Tag).active().id(), id);
    let fixed = wayfarer.rotate_key(&Actor::system(), Purpose::Lookup).await;
    assert!(matches!(fixed, Err(IdentityError::Keys(wayfarer_store::KeyError::Fixed { .. }))));

    let store = wayfarer_store::MemoryStore::new(ManualClock::default()).unwrap();
    let keys = wayfarer_store::KeyRing::ephemeral().unwrap();
    let own = Wayfarer::on_store(std::sync::Arc::new(store), keys).open().await.unwrap();
    let refused = own.rotate_key(&Actor::system(), Purpose::Tag).await;
    assert!(matches!(refused, Err(IdentityError::Keys(wayfarer_store::KeyError::NoFile))));
}

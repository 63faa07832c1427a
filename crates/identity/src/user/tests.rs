//! Users are found by what names them, and by nobody else's name.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use wayfarer_step::Identifier;

use super::*;
use crate::fixture::{Fixture, Tried};
use crate::{CodeStatus, IssueCode};

fn ann() -> NewUser {
    NewUser {
        user_id: Some("u-1".to_owned()),
        external_user_id: Some("user123".to_owned()),
        email: Some("Ann@Example.com".to_owned()),
        phone_number: Some("+49 151 1234567".to_owned()),
        username: Some("ann".to_owned()),
        ..NewUser::default()
    }
}

#[tokio::test]
async fn a_user_is_found_by_every_identifier_in_any_spelling() {
    let f = Fixture::new().await;
    let added = f.identity.add_user(&f.tenant, &f.support, &ann()).await.unwrap();
    for (kind, value) in [
        (IdentifierType::UserId, "u-1"),
        (IdentifierType::UserId, "user123"),
        (IdentifierType::ExternalUserId, "user123"),
        (IdentifierType::ExternalUserId, "u-1"),
        (IdentifierType::Email, " ann@EXAMPLE.com"),
        (IdentifierType::PhoneNumber, "+491511234567"),
        (IdentifierType::Username, "ann"),
    ] {
        let found = f.identity.user(&f.tenant, &UserRef::new(kind, value).unwrap()).await.unwrap();
        assert_eq!(found, added, "{kind} {value}");
    }
    for (kind, value) in [
        (IdentifierType::UserId, "ann"),
        (IdentifierType::Username, "user123"),
        (IdentifierType::Username, "Ann"),
        (IdentifierType::Email, "bob@example.com"),
    ] {
        let found = f.identity.user(&f.tenant, &UserRef::new(kind, value).unwrap()).await;
        assert!(matches!(found, Err(IdentityError::UnknownUser)), "{kind} {value}");
    }
}

#[tokio::test]
async fn no_identifier_belongs_to_two_users() {
    let f = Fixture::new().await;
    f.identity.add_user(&f.tenant, &f.support, &ann()).await.unwrap();
    let taken = [
        (NewUser { user_id: Some("u-1".to_owned()), ..NewUser::default() }, "user_id"),
        // User ids and external ids share one namespace.
        (NewUser { user_id: Some("user123".to_owned()), ..NewUser::default() }, "user_id"),
        (NewUser { external_user_id: Some("u-1".to_owned()), ..NewUser::default() }, "external_user_id"),
        (NewUser { external_user_id: Some(" user123 ".to_owned()), ..NewUser::default() }, "external_user_id"),
        (NewUser { email: Some("ANN@example.COM".to_owned()), ..NewUser::default() }, "email"),
        (NewUser { phone_number: Some("+49-151-1234567".to_owned()), ..NewUser::default() }, "phone_number"),
        (NewUser { username: Some("ann".to_owned()), ..NewUser::default() }, "username"),
    ];
    for (new, expected) in taken {
        match f.identity.add_user(&f.tenant, &f.support, &new).await {
            Err(IdentityError::Taken { field }) => assert_eq!(field, expected),
            other => panic!("{new:?}: {other:?}"),
        }
    }
    assert_eq!(f.identity.users(&f.tenant, None, 10).await.unwrap().users.len(), 1, "nothing was left half done");
}

#[tokio::test]
async fn both_ids_of_one_user_may_be_the_same_text() {
    let f = Fixture::new().await;
    let new = NewUser { user_id: Some("x".into()), external_user_id: Some("x".into()), ..NewUser::default() };
    let user = f.identity.add_user(&f.tenant, &f.support, &new).await.unwrap();
    assert_eq!(f.identity.user(&f.tenant, &UserRef::id("x").unwrap()).await.unwrap(), user);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_want_a_name_at_once_one_gets_it() {
    let f = Arc::new(Fixture::new().await);
    let adding: Vec<_> = (0..50)
        .map(|_| {
            let f = f.clone();
            let new = NewUser { username: Some("ann".to_owned()), ..NewUser::default() };
            tokio::spawn(async move { f.identity.add_user(&f.tenant, &f.support, &new).await.is_ok() })
        })
        .collect();
    let mut added = 0;
    for add in adding {
        added += usize::from(add.await.unwrap());
    }
    assert_eq!(added, 1);
    assert_eq!(f.identity.users(&f.tenant, None, 100).await.unwrap().users.len(), 1);
}

#[tokio::test]
async fn generated_ids_differ_and_sort_by_time() {
    let f = Fixture::new().await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(f.identity.add_user(&f.tenant, &f.support, &NewUser::default()).await.unwrap().user_id);
        f.clock.advance(jiff::SignedDuration::from_millis(1));
    }
    assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    assert_eq!(Uuid::parse_str(&ids[0]).unwrap().get_version_num(), 7);
}

/// R111: the same names in another tenant are other users.
#[tokio::test]
async fn r111_tenants_do_not_see_each_other() {
    let f = Fixture::new().await;
    let other = TenantId::new("other").unwrap();
    f.identity.add_user(&f.tenant, &f.support, &ann()).await.unwrap();
    let by_id = UserRef::id("u-1").unwrap();
    assert!(matches!(f.identity.user(&other, &by_id).await, Err(IdentityError::UnknownUser)));
    assert!(matches!(f.identity.code_status(&other, &by_id).await, Err(IdentityError::UnknownUser)));
    let issued = f.identity.issue_code(&other, &f.support, &IssueCode::new(by_id.clone())).await;
    assert!(matches!(issued, Err(IdentityError::UnknownUser)));
    f.identity.add_user(&other, &f.support, &ann()).await.unwrap();
    f.identity.disable_user(&other, &f.support, &by_id).await.unwrap();
    assert!(f.identity.user(&f.tenant, &by_id).await.unwrap().active);
}

#[tokio::test]
async fn a_disabled_user_gets_no_code_and_keeps_none() {
    let f = Fixture::new().await;
    f.identity.add_user(&f.tenant, &f.support, &ann()).await.unwrap();
    let by_id = UserRef::id("user123").unwrap();
    let code = f.issue("user123").await;
    assert!(!f.identity.disable_user(&f.tenant, &f.support, &by_id).await.unwrap().active);
    assert_eq!(f.attempt("user123", code.code.expose()).await, Tried::Refused(wayfarer_step::Refusal::Disabled));
    let issued = f.identity.issue_code(&f.tenant, &f.support, &IssueCode::new(by_id.clone())).await;
    assert!(matches!(issued, Err(IdentityError::UserDisabled)));

    assert!(f.identity.enable_user(&f.tenant, &f.support, &by_id).await.unwrap().active);
    assert_eq!(f.attempt("user123", code.code.expose()).await, Tried::Refused(wayfarer_step::Refusal::NoCode));
    let status = f.identity.code_status(&f.tenant, &by_id).await.unwrap();
    assert_eq!(status.code.unwrap().status, CodeStatus::Revoked);
}

#[tokio::test]
async fn pages_of_users_hold_each_user_once() {
    let f = Fixture::new().await;
    for number in 0..25 {
        f.user(&format!("user{number}")).await;
    }
    let (mut seen, mut after) = (std::collections::HashSet::new(), None);
    loop {
        let page = f.identity.users(&f.tenant, after.as_deref(), 10).await.unwrap();
        assert!(page.users.iter().all(|user| seen.insert(user.user_id.clone())));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 25);
}

#[tokio::test]
async fn a_journey_sees_the_user_it_asks_for() {
    let f = Fixture::new().await;
    f.identity.add_user(&f.tenant, &f.support, &ann()).await.unwrap();
    let directory = f.identity.directory();
    let context = directory.user_context(&f.scope(), "u-1").await.unwrap().unwrap().to_json().unwrap();
    let expected = serde_json::json!({
        "user_id": "u-1", "external_user_id": "user123", "email": "ann@example.com",
        "phone_number": "+491511234567", "username": "ann", "status": "active",
    });
    assert_eq!(context, expected);
    assert_eq!(directory.user_context(&f.scope(), "user123").await.unwrap(), None, "only the immutable id counts here");
}

#[tokio::test]
async fn any_text_may_be_claimed_to_be_a_user() {
    let f = Fixture::new().await;
    for text in ["", "\u{0}", "\u{0}u-1", &"x".repeat(10_000), "\u{202e}"] {
        let found = f.identity.find_claimed(&f.tenant, &Identifier::User(text.into())).await.unwrap();
        assert!(found.value.is_none(), "{text:?}");
    }
}

//! A code opens only what it was issued for (R14).

use serde_json::json;
use uuid::Uuid;
use wayfarer_step::{Method, Refusal, Scope};
use wayfarer_store::TenantId;

use crate::code::Binding;
use crate::fixture::{Fixture, Tried};
use crate::{IdentityError, IssueCode, UserRef};

/// Five fields of a binding, each right or wrong: of 32 combinations one opens.
#[tokio::test]
async fn r14_every_mismatch_changes_the_tag() {
    let f = Fixture::new().await;
    let bindings = |wrong: u8| {
        let is = |bit: u8| wrong & (1 << bit) != 0;
        Binding {
            tenant: TenantId::new(if is(0) { "other" } else { "default" }).unwrap(),
            user_id: if is(1) { "bob" } else { "ann" }.into(),
            method: Method::new(if is(2) { "otp" } else { "temp_code" }),
            application: if is(3) { "shop" } else { "default" }.into(),
            code_id: Uuid::from_u128(if is(4) { 2 } else { 1 }),
        }
    };
    let tag = bindings(0).tag(&f.vault, "482913");
    assert!(bindings(0).matches(&f.vault, "482913", &tag));
    assert!(!bindings(0).matches(&f.vault, "482914", &tag));
    for wrong in 1..32 {
        assert!(!bindings(wrong).matches(&f.vault, "482913", &tag), "{wrong:05b}");
    }
}

/// R106: letters that move from one field to the next make another tag.
#[tokio::test]
async fn r106_moved_borders_never_collide() {
    let f = Fixture::new().await;
    let binding = |user: &str, application: &str| Binding {
        tenant: TenantId::default(),
        user_id: user.into(),
        method: Method::TEMP_CODE,
        application: application.into(),
        code_id: Uuid::nil(),
    };
    assert_ne!(binding("ann", "shop").tag(&f.vault, "1"), binding("an", "nshop").tag(&f.vault, "1"));
    assert_ne!(binding("ann1", "shop").tag(&f.vault, "1"), binding("ann", "1shop").tag(&f.vault, "1"));
}

#[tokio::test]
async fn r14_another_user_application_or_tenant_has_no_such_code() {
    let f = Fixture::configured(json!({ "default": {}, "shop": {} })).await;
    f.user("ann").await;
    f.user("bob").await;
    let code = f.issue("ann").await;
    let no_code = Tried::Refused(Refusal::NoCode);
    assert_eq!(f.attempt("bob", code.code.expose()).await, no_code);

    let shop = Scope { application: "shop".into(), ..f.scope() };
    assert_eq!(f.attempt_in(&shop, "ann", code.code.expose()).await, no_code);

    let elsewhere = Scope { tenant: "other".into(), ..f.scope() };
    assert_eq!(f.attempt_in(&elsewhere, "ann", code.code.expose()).await, Tried::Refused(Refusal::UnknownUser));

    assert_eq!(f.compared(), 0, "none of these was compared, or counted");
    assert_eq!(f.attempt("ann", code.code.expose()).await, Tried::Verified);
}

#[tokio::test]
async fn an_application_that_is_not_configured_issues_and_accepts_nothing() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let request = IssueCode::new(UserRef::id("ann").unwrap()).application("shop");
    let refused = f.identity.issue_code(&f.tenant, &f.support, &request).await;
    assert!(matches!(refused, Err(IdentityError::UnknownApplication { .. })));

    let shop = Scope { application: "shop".into(), ..f.scope() };
    let refused = f.identity.ledger().count(&shop, &Fixture::claim("ann", "123456")).await;
    assert!(refused.is_err(), "{refused:?}");
}

//! From the proof to the end of the session.

use std::sync::Arc;

use serde_json::json;
use wayfarer_step::port::Confirmation;
use wayfarer_step::{Method, Scope};
use wayfarer_store::{KeyRing, ManualClock, MemoryStore, TenantId, keys::Purpose};

use super::{Proven, TokenError, TokenKind, commit, seconds};
use crate::fixture::{Fixture, wrong};
use crate::record::{self, Outcome};
use crate::{Applications, UserRef};

async fn fixture() -> Arc<Fixture> {
    Arc::new(Fixture::new().await)
}

#[tokio::test]
async fn tokens_are_live_from_the_completion_of_the_run_until_they_run_out() {
    let f = fixture().await;
    let run = Proven::new(&f, "ann").await;
    assert_eq!(run.access().await, Err(TokenError::NotLive), "a proof alone is no session");
    run.complete().await;
    let claims = run.access().await.unwrap();
    assert_eq!(claims.sub, *run.user.user_id);
    assert_eq!(run.shown(TokenKind::Id).await.unwrap().external_user_id.as_deref(), Some("ann"));
    f.advance(599);
    assert!(run.access().await.is_ok());
    f.advance(1);
    assert_eq!(run.access().await, Err(TokenError::Expired));
}

/// R32 and R58: what the claims say comes from the proofs and the settings.
#[tokio::test]
async fn r32_r58_a_temporary_code_gives_a_short_recovery_session() {
    let f = fixture().await;
    let run = Proven::new(&f, "ann").await;
    run.complete().await;
    let claims = run.access().await.unwrap();
    let now = seconds(f.vault.now().await.unwrap());
    assert_eq!((claims.amr.as_slice(), claims.acr.as_str()), (["tac".to_owned()].as_slice(), "recovery"));
    assert_eq!((claims.iat, claims.nbf, claims.exp, claims.auth_time), (now, now, now + 600, now));
    assert_eq!((claims.aud.as_str(), claims.client_id.as_str()), ("default", "default"));
    assert_eq!(claims.sid, run.scope.run.to_string());
    assert_eq!(run.claims["acr"], "recovery");
    assert!(run.claims.get("access_token").is_none() && !run.claims.to_string().contains(run.id.expose().as_str()));
}

#[tokio::test]
async fn a_setting_makes_it_a_full_login() {
    let tokens = json!({ "lifetime": 3600, "after_temp_code": "login" });
    let f = Arc::new(Fixture::configured(json!({ "default": { "tokens": tokens } })).await);
    let run = Proven::new(&f, "ann").await;
    run.complete().await;
    let claims = run.access().await.unwrap();
    assert_eq!((claims.acr.as_str(), claims.exp - claims.iat), ("login", 3_600));
}

#[tokio::test]
async fn r45_a_user_disabled_since_the_proof_does_not_complete() {
    let f = fixture().await;
    let run = Proven::new(&f, "ann").await;
    let ann = UserRef::id("ann").unwrap();
    let Confirmation::Good(staged) = run.confirm().await else { panic!("refused") };
    f.identity.disable_user(&f.tenant, &f.support, &ann).await.unwrap();
    let outcome = record::commit(&f.vault, &f.tenant, staged).await.unwrap();
    assert!(matches!(outcome, Outcome::Conflict(_)), "what was confirmed before does not commit after");
    assert_eq!(run.refusal().await, "the user is disabled");
    f.identity.enable_user(&f.tenant, &f.support, &ann).await.unwrap();
    assert_eq!(run.refusal().await, "the tokens were taken back");
}

#[tokio::test]
async fn r45_tokens_of_a_user_disabled_since_are_not_registered() {
    let f = fixture().await;
    let run = Proven::new(&f, "ann").await;
    let ann = UserRef::id("ann").unwrap();
    let minted = f.identity.tokens().mint(&f.scope(), &run.grant).await.unwrap();
    f.identity.disable_user(&f.tenant, &f.support, &ann).await.unwrap();
    f.identity.enable_user(&f.tenant, &f.support, &ann).await.unwrap();
    let outcome = record::commit(&f.vault, &f.tenant, minted.writes).await.unwrap();
    assert!(matches!(outcome, Outcome::Conflict(_)));
}

#[tokio::test]
async fn r45_a_method_locked_since_the_proof_does_not_complete() {
    let f = fixture().await;
    let run = Proven::new(&f, "ann").await;
    let Confirmation::Good(staged) = run.confirm().await else { panic!("refused") };
    let code = f.issue("ann").await;
    for _ in 0..3 {
        f.attempt("ann", &wrong(&code)).await;
    }
    let outcome = record::commit(&f.vault, &f.tenant, staged).await.unwrap();
    assert!(matches!(outcome, Outcome::Conflict(_)));
    assert_eq!(run.refusal().await, "the method was locked since the proof");
}

#[tokio::test]
async fn any_other_end_takes_the_tokens_back() {
    let f = fixture().await;
    let run = Proven::new(&f, "ann").await;
    commit(&f, f.identity.tokens().revoke(&run.scope).await.unwrap()).await;
    assert_eq!(run.access().await, Err(TokenError::NotLive));
    assert_eq!(run.refusal().await, "the tokens were taken back");
    assert!(f.identity.tokens().revoke(&run.scope).await.unwrap().is_empty(), "once is enough");
    assert!(f.identity.tokens().revoke(&f.scope()).await.unwrap().is_empty(), "a run without tokens has none");
}

#[tokio::test]
async fn newer_tokens_of_a_run_replace_older_ones() {
    let f = fixture().await;
    let first = Proven::new(&f, "ann").await;
    let second = Proven::minted(&f, first.user.clone(), first.scope.clone()).await;
    second.complete().await;
    assert_eq!(first.access().await, Err(TokenError::NotLive));
    assert_eq!(first.shown(TokenKind::Id).await, Err(TokenError::NotLive));
    assert!(second.access().await.is_ok());
}

/// R60: tokens of one user never complete a run of another.
#[tokio::test]
async fn r60_tokens_are_confirmed_for_their_own_user_only() {
    let f = fixture().await;
    let run = Proven::new(&f, "ann").await;
    let bob = f.user("bob").await;
    let mut other = run.grant.clone();
    other.subject = bob.subject();
    let confirmation = f.identity.tokens().confirm(&run.scope, &other).await.unwrap();
    assert!(matches!(confirmation, Confirmation::Refused { .. }));
}

#[tokio::test]
async fn a_session_ends_when_an_administrator_or_a_disabling_ends_it() {
    let f = fixture().await;
    let run = Proven::new(&f, "ann").await;
    run.complete().await;
    assert!(f.identity.end_session(&f.tenant, &f.support, run.scope.run).await.unwrap());
    assert!(!f.identity.end_session(&f.tenant, &f.support, run.scope.run).await.unwrap());
    assert_eq!(run.access().await, Err(TokenError::NotLive));

    let bob = UserRef::id("bob").unwrap();
    let run = Proven::new(&f, "bob").await;
    run.complete().await;
    f.identity.disable_user(&f.tenant, &f.support, &bob).await.unwrap();
    assert_eq!(run.access().await, Err(TokenError::UserDisabled));
    f.identity.enable_user(&f.tenant, &f.support, &bob).await.unwrap();
    assert_eq!(run.access().await, Err(TokenError::UserDisabled), "enabling revives no token");
}

/// R68 and R111: each application and each tenant takes its own tokens only.
#[tokio::test]
async fn r68_r111_tokens_do_not_travel() {
    let f = Arc::new(Fixture::configured(json!({ "default": {}, "shop": {} })).await);
    let run = Proven::new(&f, "ann").await;
    run.complete().await;
    let shown = |tenant: TenantId, application: &'static str| {
        let (f, token) = (f.clone(), run.access.clone());
        async move { f.identity.introspect(&tenant, application, TokenKind::Access, &token).await.unwrap() }
    };
    assert!(shown(f.tenant.clone(), "default").await.is_ok());
    assert_eq!(shown(f.tenant.clone(), "shop").await, Err(TokenError::Audience));
    assert_eq!(shown(TenantId::new("other").unwrap(), "default").await, Err(TokenError::Issuer));
}

/// R108: a rotated key goes on verifying what it has signed, a retired one does not.
#[tokio::test]
async fn r108_signing_keys_rotate_without_a_gap() {
    let clock = ManualClock::default();
    let store = Arc::new(MemoryStore::new(clock.clone()).unwrap());
    let ring = KeyRing::ephemeral().unwrap();
    let open =
        |ring: &KeyRing| Fixture::over(store.clone(), Arc::new(ring.clone()), clock.clone(), Applications::default());
    let f = Arc::new(open(&ring).await);
    let old = Proven::new(&f, "ann").await;
    old.complete().await;

    let now = f.vault.now().await.unwrap();
    let rotated = ring.rotated(Purpose::Sign, now).unwrap();
    let after = open(&rotated).await;
    let introspect = async |f: &Fixture, run: &Proven| {
        f.identity.introspect(&f.tenant, "default", TokenKind::Access, &run.access).await.unwrap().map(|_| ())
    };
    assert_eq!(introspect(&after, &old).await, Ok(()));
    let keys = after.identity.jwks();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    assert_eq!(keys["keys"][1], f.identity.jwks()["keys"][0]);

    let after = Arc::new(after);
    let new = Proven::new(&after, "bob").await;
    new.complete().await;
    assert_eq!(introspect(&f, &new).await, Err(TokenError::UnknownKey), "a node that has not got the key yet");
    let retired = rotated.retired(ring.of(Purpose::Sign).active().id()).unwrap();
    assert_eq!(introspect(&open(&retired).await, &old).await, Err(TokenError::UnknownKey));
}

#[tokio::test]
async fn several_methods_are_named_once_each() {
    let f = fixture().await;
    let run = Proven::new(&f, "ann").await;
    let mut grant = run.grant.clone();
    grant.methods = vec![Method::new("pwd"), Method::TEMP_CODE, Method::TEMP_CODE, Method::new("pwd")];
    let scope = Scope { run: uuid::Uuid::from_u128(77), ..f.scope() };
    let minted = f.identity.tokens().mint(&scope, &grant).await.unwrap();
    assert_eq!(minted.claims.to_json().unwrap()["amr"], json!(["pwd", "tac"]));
    commit(&f, minted.writes).await;
    let Confirmation::Good(writes) = f.identity.tokens().confirm(&scope, &grant).await.unwrap() else {
        panic!("refused")
    };
    commit(&f, writes).await;
}

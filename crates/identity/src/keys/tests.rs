#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use wayfarer_step::Secret;

use super::*;
use crate::fixture::{Fixture, Tried};
use crate::{AuditQuery, ClientScope, NewClient};

async fn rotate(world: &Fixture, purpose: Purpose) -> KeyId {
    let before = world.vault.keys().of(purpose).active().id();
    let ring = world.vault.keys().rotated(purpose, world.vault.now().await.unwrap()).unwrap();
    world.identity.adopt_keys(&world.tenant, &world.support, ring).await.unwrap();
    before
}

async fn retire(world: &Fixture, id: KeyId) -> Result<(), IdentityError> {
    world.identity.check_retirable(id).await?;
    let ring = world.vault.keys().retired(id)?;
    world.identity.adopt_keys(&world.tenant, &world.support, ring).await
}

/// The ids in the key set that others read.
fn published(world: &Fixture) -> Vec<String> {
    let set = world.identity.jwks();
    set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn client(world: &Fixture) -> (Arc<str>, Secret<String>) {
    let new = NewClient::confidential("default").scopes([ClientScope::UsersRead]);
    let issued = world.identity.add_client(&world.tenant, &world.support, &new).await.unwrap();
    (issued.client.client_id, issued.secret.unwrap())
}

async fn token(world: &Fixture, client_id: &str, secret: &Secret<String>) -> Secret<String> {
    let known = world.identity.authenticate_client(&world.tenant, client_id, secret).await.unwrap();
    let (client, shown) = known.unwrap_or_else(|| panic!("the secret is refused"));
    world.identity.grant_access(&world.tenant, &client, &shown, None).await.unwrap().token
}

async fn is_good(world: &Fixture, token: &Secret<String>) -> bool {
    world.identity.client_of(&world.tenant, token).await.unwrap().is_ok()
}

fn in_use(result: &Result<(), IdentityError>) -> bool {
    matches!(result, Err(IdentityError::KeyInUse { .. }))
}

#[tokio::test]
async fn r77_a_new_key_signs_at_once_and_the_old_one_verifies_until_the_overlap_ends() {
    let world = Fixture::new().await;
    let (client_id, secret) = client(&world).await;
    let (before, first) = (published(&world), token(&world, &client_id, &secret).await);
    let old = rotate(&world, Purpose::Sign).await;
    let second = token(&world, &client_id, &secret).await;
    let after = published(&world);
    assert_eq!((after.len(), after.last()), (2, before.first()), "both are published, the newest first");
    assert!(is_good(&world, &first).await && is_good(&world, &second).await);
    let kid = |token: &Secret<String>| token.expose().split('.').next().unwrap().to_owned();
    assert_ne!(kid(&first), kid(&second));

    world.advance(24 * 3600 - 1);
    assert!(in_use(&retire(&world, old).await), "others may have read the key set a moment before");
    world.advance(1);
    retire(&world, old).await.unwrap();
    assert_eq!(published(&world), after.into_iter().take(1).collect::<Vec<_>>());
    assert!(matches!(retire(&world, old).await, Err(IdentityError::Keys(KeyError::NotRetirable))));
}

#[tokio::test]
async fn r108_a_live_code_outlives_its_key_and_secrets_of_clients_are_tagged_anew_when_shown() {
    let world = Fixture::new().await;
    let (user, (client_id, secret)) = (world.user("user123").await, client(&world).await);
    let code = world.issue(&user.user_id).await;
    let old = rotate(&world, Purpose::Tag).await;
    let borne = async || {
        let infos = world.identity.key_infos().await.unwrap();
        infos.into_iter().find(|info| info.id == old).unwrap().borne
    };
    assert_eq!(borne().await, 2, "the code and the secret");
    assert_eq!(world.attempt(&user.user_id, code.code.expose()).await, Tried::Verified);
    assert_eq!(borne().await, 1, "a used code needs no key");
    world.advance(48 * 3600);
    assert!(in_use(&retire(&world, old).await), "the secret could not be known any more");
    token(&world, &client_id, &secret).await;
    assert_eq!(borne().await, 0);
    retire(&world, old).await.unwrap();
    token(&world, &client_id, &secret).await;
}

#[tokio::test]
async fn r108_what_was_sealed_is_sealed_anew_before_a_key_retires_but_the_trail_keeps_it() {
    let world = Fixture::new().await;
    world.user("user123").await;
    let old = rotate(&world, Purpose::Seal).await;
    world.advance(48 * 3600);
    assert!(in_use(&retire(&world, old).await), "entries of the trail bear it for good");
    let infos = world.identity.key_infos().await.unwrap();
    let info = infos.iter().find(|info| info.id == old).unwrap();
    assert_eq!((info.state, info.borne), (KeyState::VerifyOnly, 1), "one entry, and no record");

    // A key that came and went without an entry can go.
    let silent = Fixture::new().await;
    let old = silent.vault.keys().of(Purpose::Seal).active().id();
    let ring = silent.vault.keys().rotated(Purpose::Seal, silent.vault.now().await.unwrap()).unwrap();
    silent.vault.use_keys(Arc::new(ring), &[]).unwrap();
    silent.advance(48 * 3600);
    retire(&silent, old).await.unwrap();
    assert!(silent.vault.keys().of(Purpose::Seal).find(old).is_none());
}

#[tokio::test]
async fn every_change_of_keys_is_on_record_once_also_one_made_while_the_store_rested() {
    let world = Fixture::new().await;
    world.identity.note_keys(&world.tenant, &world.support).await.unwrap();
    let trail = async || {
        let query = AuditQuery { name: Some("key.".to_owned()), ..AuditQuery::default() };
        let page = world.identity.audit(&world.tenant, &query).await.unwrap();
        page.entries.into_iter().map(|entry| entry.fact).collect::<Vec<_>>()
    };
    assert_eq!(trail().await.len(), 0);
    // As a new key file that is found at the next start.
    let ring = world.vault.keys().rotated(Purpose::Tag, world.vault.now().await.unwrap()).unwrap();
    world.vault.use_keys(Arc::new(ring), &[]).unwrap();
    world.identity.note_keys(&world.tenant, &world.support).await.unwrap();
    world.identity.note_keys(&world.tenant, &world.support).await.unwrap();
    let old = rotate(&world, Purpose::Sign).await;
    world.advance(48 * 3600);
    retire(&world, old).await.unwrap();
    let told: Vec<_> = trail().await.iter().map(|fact| format!("{} {}", fact.name, fact.details["purpose"])).collect();
    assert_eq!(told, ["key.activated \"tag\"", "key.activated \"sign\"", "key.retired \"sign\""]);
}

#[tokio::test]
async fn a_ring_without_a_key_that_is_needed_is_refused_and_changes_nothing() {
    let world = Fixture::new().await;
    let old = rotate(&world, Purpose::Tag).await;
    let without = world.vault.keys().retired(old).unwrap();
    assert!(in_use(&world.identity.adopt_keys(&world.tenant, &world.support, without).await));
    let other = KeyRing::ephemeral().unwrap();
    assert!(world.identity.adopt_keys(&world.tenant, &world.support, other).await.is_err());
    assert!(world.vault.keys().of(Purpose::Tag).find(old).is_some());
}

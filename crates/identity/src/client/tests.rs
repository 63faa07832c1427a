#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use wayfarer_step::Secret;

use super::*;
use crate::TokenError;
use crate::fixture::Fixture;

const SUPPORT: [ClientScope; 3] = [ClientScope::OtpSend, ClientScope::OtpDirect, ClientScope::UsersRead];

async fn added(world: &Fixture) -> (Client, Secret<String>) {
    let new = NewClient::confidential("default").scopes(SUPPORT);
    let issued = world.identity.add_client(&world.tenant, &world.support, &new).await.unwrap();
    (issued.client, issued.secret.unwrap())
}

async fn known(world: &Fixture, client: &Client, secret: &Secret<String>) -> bool {
    world.identity.authenticate_client(&world.tenant, &client.client_id, secret).await.unwrap().is_some()
}

#[tokio::test]
async fn r62_a_secret_is_generated_shown_once_and_stored_as_a_tag() {
    let world = Fixture::new().await;
    let (client, secret) = added(&world).await;
    assert_eq!(secret.expose().len(), PREFIX.len() + 43, "256 bits in base64url");
    assert!(known(&world, &client, &secret).await);
    let again = world.identity.client(&world.tenant, &client.client_id).await.unwrap().unwrap();
    assert_eq!(again, client);
    let kept = postcard::to_stdvec(&again).unwrap();
    assert!(!kept.windows(secret.expose().len()).any(|bytes| bytes == secret.expose().as_bytes()));
    let (other, other_secret) = added(&world).await;
    assert!(secret.expose() != other_secret.expose() && other.client_id != client.client_id);
    assert!(!known(&world, &client, &other_secret).await, "a secret is bound to its client");
}

#[tokio::test]
async fn r62_two_secrets_are_live_while_one_takes_the_others_place() {
    let world = Fixture::new().await;
    let (client, first) = added(&world).await;
    let rotate = async || {
        let issued =
            world.identity.rotate_client_secret(&world.tenant, &world.support, &client.client_id).await.unwrap();
        (issued.client, issued.secret.unwrap())
    };
    let (_, second) = rotate().await;
    assert!(known(&world, &client, &first).await && known(&world, &client, &second).await);
    let (now, third) = rotate().await;
    assert_eq!(now.secrets.len(), 2);
    assert!(!known(&world, &client, &first).await, "the oldest of three has ended");
    assert!(known(&world, &client, &second).await && known(&world, &client, &third).await);
}

#[tokio::test]
async fn r65_what_is_not_known_is_refused_in_one_way() {
    let world = Fixture::new().await;
    let (client, secret) = added(&world).await;
    let wrong = Secret::new(format!("{}x", secret.expose()));
    for (id, secret) in [("nobody", &secret), (&*client.client_id, &wrong), ("", &secret)] {
        assert!(world.identity.authenticate_client(&world.tenant, id, secret).await.unwrap().is_none());
    }
    let public = NewClient { confidential: false, ..NewClient::confidential("default") };
    let public = world.identity.add_client(&world.tenant, &world.support, &public).await.unwrap();
    assert!(public.secret.is_none());
    assert!(!known(&world, &public.client, &Secret::new(String::new())).await, "no secret is not the empty secret");
}

#[tokio::test]
async fn r68_r73_a_token_allows_what_was_asked_for_and_no_more_than_the_client_may() {
    let world = Fixture::new().await;
    let (client, secret) = added(&world).await;
    let (client, shown) =
        world.identity.authenticate_client(&world.tenant, &client.client_id, &secret).await.unwrap().unwrap();
    let grant = async |scopes: &[ClientScope]| {
        let asked: BTreeSet<_> = scopes.iter().copied().collect();
        world.identity.grant_access(&world.tenant, &client, &shown, Some(&asked)).await
    };
    let users = grant(&[ClientScope::UsersRead]).await.unwrap();
    assert_eq!(users.expires_in, 3_600);
    let (who, may) = world.identity.client_of(&world.tenant, &users.token).await.unwrap().unwrap();
    assert_eq!((who.client_id, may), (client.client_id.clone(), BTreeSet::from([ClientScope::UsersRead])));
    assert!(matches!(grant(&[ClientScope::UsersWrite]).await, Err(GrantError::Scope)));
    let all = world.identity.grant_access(&world.tenant, &client, &shown, None).await.unwrap();
    assert_eq!((all.expires_in, all.scopes), (600, BTreeSet::from(SUPPORT)), "who may read codes comes back sooner");
}

#[tokio::test]
async fn r71_r75_a_token_ends_with_its_time_its_secret_and_its_client() {
    let world = Fixture::new().await;
    let (client, secret) = added(&world).await;
    let token = async || {
        let known = world.identity.authenticate_client(&world.tenant, &client.client_id, &secret).await.unwrap();
        let (client, shown) = known.unwrap();
        world.identity.grant_access(&world.tenant, &client, &shown, None).await.unwrap().token
    };
    let judged = async |token: &Secret<String>| {
        world.identity.client_of(&world.tenant, token).await.unwrap().map(|(client, _)| client.client_id)
    };
    let first = token().await;
    assert!(judged(&first).await.is_ok());
    let other = TenantId::new("other").unwrap();
    assert_eq!(world.identity.client_of(&other, &first).await.unwrap().unwrap_err(), TokenError::Issuer, "R111");
    world.advance(599);
    assert!(judged(&first).await.is_ok());
    world.advance(1);
    assert_eq!(judged(&first).await.unwrap_err(), TokenError::Expired);

    let second = token().await;
    let set = async |active| {
        world.identity.set_client_active(&world.tenant, &world.support, &client.client_id, active).await.unwrap()
    };
    set(false).await;
    assert_eq!(judged(&second).await.unwrap_err(), TokenError::NotLive);
    assert!(!known(&world, &client, &secret).await);
    set(true).await;
    assert!(judged(&second).await.is_ok());
    for _ in 0..2 {
        world.identity.rotate_client_secret(&world.tenant, &world.support, &client.client_id).await.unwrap();
    }
    assert_eq!(judged(&second).await.unwrap_err(), TokenError::NotLive, "its secret has ended");

    let mut changed = second.expose().clone();
    changed.pop();
    assert!(judged(&Secret::new(changed)).await.is_err());
}

#[tokio::test]
async fn what_is_added_is_well_formed_and_recorded() {
    let world = Fixture::new().await;
    let new = NewClient { client_id: Some("support".into()), ..NewClient::confidential("default") };
    world.identity.add_client(&world.tenant, &world.support, &new).await.unwrap();
    let add = async |new: NewClient| {
        world.identity.add_client(&world.tenant, &world.support, &new).await.map(|_| ()).unwrap_err().code()
    };
    assert_eq!(add(new.clone()).await, "identifier_taken");
    assert_eq!(add(NewClient { client_id: Some("a b".into()), ..new.clone() }).await, "invalid_input");
    assert_eq!(add(NewClient { name: Some(String::new()), client_id: None, ..new.clone() }).await, "invalid_input");
    assert_eq!(add(NewClient::confidential("nowhere")).await, "unknown_application");
    let bold = NewClient { confidential: false, ..NewClient::confidential("default").scopes([ClientScope::OtpDirect]) };
    assert_eq!(add(bold).await, "invalid_input");
    let rotated = world.identity.rotate_client_secret(&world.tenant, &world.support, "nobody").await;
    assert_eq!(rotated.unwrap_err().code(), "unknown_client");
    let facts = world.identity.audit(&world.tenant, &crate::AuditQuery::default()).await.unwrap().entries;
    assert_eq!(facts.iter().filter(|entry| entry.fact.name == "client.added").count(), 1);
}

#[test]
fn r79_origins_are_exact() {
    for good in [
        "https://app.example.com",
        "https://app.example.com:8443",
        "http://localhost",
        "http://localhost:5173",
        "http://127.0.0.1:80801".trim_end_matches('1'),
        "http://[::1]:3000",
        "http://localhost:*",
    ] {
        assert!(Origin::new(good).is_ok_and(|origin| origin.as_str() == good), "{good}");
    }
    for bad in [
        "",
        "null",
        "*",
        "https://*",
        "https://*.example.com",
        "app.example.com",
        "http://app.example.com",
        "https://app.example.com/",
        "https://App.example.com",
        "https://user@example.com",
        "https://example.com:443",
        "http://localhost:80",
        "https://example.com:*",
        "https://localhost:*",
        "https://example.com:0443",
        "ftp://localhost",
        "https://exa mple.com",
        "https://example.com?x",
        "https://",
    ] {
        assert!(Origin::new(bad).is_err(), "{bad}");
    }
    let matches = |allowed: &str, header: &str| Origin::new(allowed).unwrap().matches(header);
    assert!(matches("https://app.example.com", "https://app.example.com"));
    for other in [
        "null",
        "",
        "https://app.example.com.evil.test",
        "https://app.example.co",
        "http://app.example.com",
        "https://app.example.com:443",
        "https://evil.test#https://app.example.com",
    ] {
        assert!(!matches("https://app.example.com", other), "{other}");
    }
    assert!(
        matches("http://localhost:*", "http://localhost:5173") && matches("http://localhost:*", "http://localhost")
    );
    for other in
        ["http://localhost.evil.test", "http://localhost:5173.evil.test", "http://localhost:", "http://localhost:+1"]
    {
        assert!(!matches("http://localhost:*", other), "{other}");
    }
}

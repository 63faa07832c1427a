#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::fixture::Fixture;
use crate::{ClientScope, Origin};

fn support() -> NewClient {
    let client = NewClient::confidential("default").scopes([ClientScope::OtpDirect, ClientScope::UsersRead]);
    NewClient { client_id: Some("support".to_owned()), ..client }
}

fn web() -> NewClient {
    let client = NewClient::confidential("default").scopes([ClientScope::JourneysRun]);
    NewClient { client_id: Some("web".to_owned()), confidential: false, ..client }
}

async fn declare(world: &Fixture, clients: &[NewClient]) -> Vec<(String, Declared)> {
    let done = world.identity.declare_clients(&world.tenant, &world.support, clients).await.unwrap();
    done.into_iter().map(|(id, what)| (id.to_string(), what)).collect()
}

async fn client(world: &Fixture, id: &str) -> Client {
    world.identity.client(&world.tenant, id).await.unwrap().unwrap()
}

fn told(id: &str, what: Declared) -> Vec<(String, Declared)> {
    vec![(id.to_owned(), what)]
}

#[tokio::test]
async fn what_is_declared_is_added_changed_and_taken_back() {
    let world = Fixture::new().await;
    let (by_hand, _) = (NewClient { client_id: Some("hand".to_owned()), ..support() }, ());
    world.identity.add_client(&world.tenant, &world.support, &by_hand).await.unwrap();
    let both = [support(), web()];
    assert_eq!(declare(&world, &both).await, [told("support", Declared::Added), told("web", Declared::Added)].concat());
    assert_eq!(declare(&world, &both).await, [], "the second time nothing is to be done");

    let origin = Origin::new("https://app.example.com").unwrap();
    let changed = [support(), NewClient { origins: vec![origin.clone()], ..web() }];
    assert_eq!(declare(&world, &changed).await, told("web", Declared::Changed));
    assert_eq!(client(&world, "web").await.origins, [origin]);

    assert_eq!(declare(&world, &changed[..1]).await, told("web", Declared::Disabled));
    assert!(!client(&world, "web").await.active);
    assert!(client(&world, "hand").await.active, "nobody declared it, and nobody takes it back");
    assert_eq!(declare(&world, &[]).await, told("support", Declared::Disabled));
}

#[tokio::test]
async fn r62_a_declared_client_can_do_nothing_before_it_has_a_secret_and_keeps_it_then() {
    let world = Fixture::new().await;
    declare(&world, &[support()]).await;
    let empty = wayfarer_step::Secret::new(String::new());
    let known = async |secret| world.identity.authenticate_client(&world.tenant, "support", secret).await.unwrap();
    assert!(client(&world, "support").await.secrets.is_empty() && known(&empty).await.is_none());

    let issued = world.identity.rotate_client_secret(&world.tenant, &world.support, "support").await.unwrap();
    let secret = issued.secret.unwrap();
    assert!(known(&secret).await.is_some());
    let less = support().scopes([ClientScope::UsersRead]);
    assert_eq!(declare(&world, std::slice::from_ref(&less)).await, told("support", Declared::Changed));
    let (client, _) = known(&secret).await.unwrap();
    assert!(client.scopes.iter().eq(&[ClientScope::UsersRead]), "the secret stays, the scope is gone");
}

#[tokio::test]
async fn r75_what_an_operator_has_disabled_stays_so() {
    let world = Fixture::new().await;
    declare(&world, &[web()]).await;
    world.identity.set_client_active(&world.tenant, &world.support, "web", false).await.unwrap();
    assert_eq!(declare(&world, &[web()]).await, []);
    let renamed = NewClient { name: Some("The page".to_owned()), ..web() };
    assert_eq!(declare(&world, &[renamed]).await, told("web", Declared::Changed));
    assert!(!client(&world, "web").await.active);
}

#[tokio::test]
async fn what_may_not_be_changes_nothing() {
    let world = Fixture::new().await;
    let wrong = [
        NewClient { application: "nowhere".to_owned(), ..web() },
        NewClient { client_id: Some("a b".to_owned()), ..web() },
        NewClient { client_id: None, ..web() },
        NewClient { scopes: support().scopes, ..web() },
    ];
    for wrong in wrong {
        let refused = world.identity.declare_clients(&world.tenant, &world.support, &[support(), wrong]).await;
        assert!(refused.is_err());
        assert!(world.identity.client(&world.tenant, "support").await.unwrap().is_none());
    }
}

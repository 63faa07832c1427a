//! Orders about clients come in; the clients go out, a new secret once.

use std::collections::BTreeSet;

use anyhow::Result;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use wayfarer::identity::{self, ClientScope, Completion, IssuedSecret, NewClient, Origin};
use wayfarer::step::Secret;

use super::Desk;
use super::remote::segment;
use crate::args::Place;
use crate::compose::declare;

/// A client, without its secrets.
#[derive(Deserialize)]
pub(crate) struct Client {
    pub(crate) client_id: String,
    #[serde(default)]
    pub(crate) name: Option<String>,
    pub(crate) application: String,
    public: bool,
    pub(crate) scopes: BTreeSet<ClientScope>,
    pub(crate) origins: Vec<Origin>,
    #[serde(default)]
    pub(crate) journeys: Option<BTreeSet<String>>,
    pub(crate) completion: Completion,
    pub(crate) active: bool,
    pub(crate) created_at: Timestamp,
    /// When each of its live secrets was made.
    pub(crate) secrets: Vec<Timestamp>,
}

impl Client {
    /// Whether it keeps a secret.
    pub(crate) const fn is_confidential(&self) -> bool {
        !self.public
    }
}

impl From<identity::Client> for Client {
    fn from(client: identity::Client) -> Self {
        Self {
            client_id: client.client_id.to_string(),
            name: client.name.map(|name| name.to_string()),
            application: client.application.to_string(),
            public: !client.confidential,
            scopes: client.scopes,
            origins: client.origins,
            journeys: client.journeys.map(|journeys| journeys.iter().map(ToString::to_string).collect()),
            completion: client.completion,
            active: client.active,
            created_at: client.created_at,
            secrets: client.secrets.iter().map(|secret| secret.created_at).collect(),
        }
    }
}

/// A client and its new secret.
#[derive(Deserialize)]
#[serde(from = "Told")]
pub(crate) struct Given {
    pub(crate) client: Client,
    /// None for a client that keeps none.
    pub(crate) secret: Option<Secret<String>>,
}

/// The same as a server tells it.
#[derive(Deserialize)]
struct Told {
    client: Client,
    #[serde(default)]
    client_secret: Option<String>,
}

impl From<Told> for Given {
    fn from(told: Told) -> Self {
        Self { client: told.client, secret: told.client_secret.map(Secret::new) }
    }
}

impl From<IssuedSecret> for Given {
    fn from(issued: IssuedSecret) -> Self {
        Self { client: issued.client.into(), secret: issued.secret }
    }
}

#[derive(Deserialize)]
struct Page {
    clients: Vec<Client>,
    #[serde(default)]
    next: Option<String>,
}

/// More clients than anybody reads at once.
const MOST: usize = 10_000;

impl Desk {
    /// The desk of a store with the clients that the configuration declares, so that they can be given secrets before they are
    /// served. A server has done that when it began.
    pub(crate) async fn of_clients(place: &Place) -> Result<Self> {
        let config = place.store.config();
        let opened = if config.clients.is_empty() { Self::open(place).await } else { Self::open_or_make(place).await };
        opened?.declared(place).await
    }

    /// The same; the store is made if there is none.
    pub(crate) async fn of_new_client(place: &Place) -> Result<Self> {
        Self::open_or_make(place).await?.declared(place).await
    }

    async fn declared(self, place: &Place) -> Result<Self> {
        if let Self::Store(host) = &self {
            declare(&host.wayfarer, place.store.config()).await?;
        }
        Ok(self)
    }

    /// Adds a client.
    pub(crate) async fn add_client(&self, new: &NewClient) -> Result<Given> {
        match self {
            Self::Store(host) => Ok(host.wayfarer.identity().add_client(host.tenant(), &host.actor, new).await?.into()),
            Self::Server(server) => {
                let mut body = json!({
                    "application": new.application,
                    "public": !new.confidential,
                    "scopes": new.scopes,
                    "origins": new.origins,
                    "completion": new.completion,
                });
                let further = [
                    ("client_id", new.client_id.as_ref().map(|id| json!(id))),
                    ("name", new.name.as_ref().map(|name| json!(name))),
                    ("journeys", new.journeys.as_ref().map(|journeys| json!(journeys))),
                ];
                if let Some(fields) = body.as_object_mut() {
                    let given = further.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
                    fields.extend(given);
                }
                server.post("/clients", &body).await
            }
        }
    }

    /// Gives a client a further secret.
    pub(crate) async fn rotate_client(&self, client_id: &str) -> Result<Given> {
        match self {
            Self::Store(host) => {
                let identity = host.wayfarer.identity();
                Ok(identity.rotate_client_secret(host.tenant(), &host.actor, client_id).await?.into())
            }
            Self::Server(server) => server.post(&format!("/clients/{}/rotate", segment(client_id)), &json!({})).await,
        }
    }

    /// Lets a client call, or keeps it from it.
    pub(crate) async fn switch_client(&self, client_id: &str, active: bool) -> Result<Client> {
        match self {
            Self::Store(host) => {
                let identity = host.wayfarer.identity();
                Ok(identity.set_client_active(host.tenant(), &host.actor, client_id, active).await?.into())
            }
            Self::Server(server) => {
                let word = if active { "enable" } else { "disable" };
                server.post(&format!("/clients/{}/{word}", segment(client_id)), &json!({})).await
            }
        }
    }

    /// All clients, in no order that means anything.
    pub(crate) async fn clients(&self) -> Result<Vec<Client>> {
        let server = match self {
            Self::Store(host) => {
                let clients = host.wayfarer.identity().clients(host.tenant(), MOST).await?;
                return Ok(clients.into_iter().map(Client::from).collect());
            }
            Self::Server(server) => server,
        };
        let (mut clients, mut after) = (Vec::new(), String::new());
        while clients.len() < MOST {
            let page: Page = server.get(&format!("/clients?limit=200{after}")).await?;
            clients.extend(page.clients);
            let Some(next) = page.next else { break };
            after = format!("&after={}", segment(&next));
        }
        Ok(clients)
    }
}

//! Clients are listed, added, given a further secret, disabled and enabled. A secret goes out once, when it is made.

use std::collections::BTreeSet;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wayfarer_identity::{Client as Known, Completion as Ends, IdentityError, IssuedSecret, NewClient as New, Origin};

use super::agent::{Agent, ClientsRead, ClientsWrite};
use super::page::{self, Asked};
use super::word::ScopeWord;
use crate::app::App;
use crate::at::At;
use crate::problem::Problem;
use crate::sent::{Made, Nothing, Sent, Told};

/// A client, without its secrets.
#[derive(Serialize, ToSchema)]
pub(super) struct Client {
    /// Its public name.
    client_id: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The application that it belongs to.
    application: String,
    /// Whether it keeps no secret: pages and apps.
    public: bool,
    /// What it may do.
    scopes: Vec<ScopeWord>,
    /// The pages that may call on its behalf.
    origins: Vec<String>,
    /// The journeys that it may start; none: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    journeys: Option<Vec<String>>,
    /// What a page of it gets when the journey of a proven user completes.
    completion: Completion,
    /// Whether it may call at all.
    active: bool,
    /// When it was added.
    #[schema(format = DateTime)]
    created_at: String,
    /// When each of its live secrets was made, the newest last.
    #[schema(max_items = 2)]
    secrets: Vec<String>,
}

/// A client and its new secret, which is not kept and cannot be read again.
#[derive(Serialize, ToSchema)]
pub(super) struct Issued {
    client: Client,
    /// The secret; none for a client that keeps none.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

/// Some clients.
#[derive(Serialize, ToSchema)]
pub(super) struct Clients {
    /// The clients, in no order that means anything.
    clients: Vec<Client>,
    /// The `after` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A client to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewClient {
    /// Its public name; made up if not given.
    #[schema(pattern = "^[A-Za-z0-9_.-]{1,64}$")]
    client_id: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 64)]
    name: Option<String>,
    /// The application that it belongs to; that of the caller if not given.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,64}$")]
    application: Option<String>,
    /// Whether it keeps no secret. It may then have the scope `journeys:run` and no other.
    #[serde(default)]
    public: bool,
    /// What it may do; the caller may give only what it has itself.
    #[serde(default)]
    #[schema(max_items = 32)]
    scopes: Vec<ScopeWord>,
    /// The pages that may call on its behalf, as browsers write origins.
    #[serde(default)]
    #[schema(max_items = 64)]
    origins: Vec<String>,
    /// The journeys that it may start; none: all.
    #[schema(max_items = 256)]
    journeys: Option<Vec<String>>,
    /// What a page of it gets when the journey of a proven user completes: the token if not given.
    #[serde(default)]
    completion: Completion,
}

/// The access token, a code that a backend exchanges, or both.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Completion {
    #[default]
    Token,
    Code,
    Both,
}

impl From<Ends> for Completion {
    fn from(completion: Ends) -> Self {
        match completion {
            Ends::Token => Self::Token,
            Ends::Code => Self::Code,
            Ends::Both => Self::Both,
        }
    }
}

impl From<Completion> for Ends {
    fn from(completion: Completion) -> Self {
        match completion {
            Completion::Token => Self::Token,
            Completion::Code => Self::Code,
            Completion::Both => Self::Both,
        }
    }
}

impl From<Known> for Client {
    fn from(client: Known) -> Self {
        Self {
            client_id: client.client_id.to_string(),
            name: client.name.map(|name| name.to_string()),
            application: client.application.to_string(),
            public: !client.confidential,
            scopes: client.scopes.into_iter().map(ScopeWord).collect(),
            origins: client.origins.iter().map(ToString::to_string).collect(),
            journeys: client.journeys.map(|journeys| journeys.iter().map(ToString::to_string).collect()),
            completion: client.completion.into(),
            active: client.active,
            created_at: client.created_at.to_string(),
            secrets: client.secrets.iter().map(|secret| secret.created_at.to_string()).collect(),
        }
    }
}

impl From<IssuedSecret> for Issued {
    fn from(issued: IssuedSecret) -> Self {
        let client_secret = issued.secret.map(|secret| secret.expose().clone());
        Self { client: issued.client.into(), client_secret }
    }
}

/// List clients
#[utoipa::path(
    get, path = "/admin/v1/clients", tag = "clients", operation_id = "listClients",
    params(("after" = Option<String>, Query, description = "The `next` of the page before", pattern = "^[A-Za-z0-9_-]{2,86}$"), ("limit" = Option<u32>, Query, description = "At most so many; 50 if not said", minimum = 1, maximum = 200)),
    responses((status = 200, description = "A page of clients", body = Clients), (status = 422, description = "`rule_broken`")),
    security(("client" = ["clients:read"])),
)]
pub(super) async fn list(
    State(app): State<App>,
    _: Agent<ClientsRead>,
    asked: Asked,
) -> Result<Told<Clients>, Problem> {
    let asked = asked.only(&["after", "limit"])?;
    let (clients, next) = app.identity().client_page(app.tenant(), asked.after()?.as_deref(), asked.limit()?).await?;
    Ok(Told(Clients { clients: clients.into_iter().map(Client::from).collect(), next: page::next(next) }))
}

/// Add a client
///
/// Its secret is in the answer, and nowhere else.
#[utoipa::path(
    post, path = "/admin/v1/clients", tag = "clients", operation_id = "addClient",
    request_body = NewClient,
    responses((status = 201, description = "The client, and its secret", body = Issued), (status = 409, description = "`identifier_taken`"), (status = 422, description = "`rule_broken`, `unknown_application`")),
    security(("client" = ["clients:write"])),
)]
pub(super) async fn add(
    State(app): State<App>,
    agent: Agent<ClientsWrite>,
    Sent(new): Sent<NewClient>,
) -> Result<Made<Issued>, Problem> {
    let scopes: BTreeSet<_> = new.scopes.into_iter().map(|ScopeWord(scope)| scope).collect();
    agent.may_give(&scopes)?;
    let new = New {
        client_id: new.client_id,
        name: new.name,
        application: agent.application(new.application.as_deref())?.to_string(),
        confidential: !new.public,
        scopes,
        origins: new.origins.iter().map(|text| Origin::new(text)).collect::<Result<_, _>>()?,
        journeys: new.journeys.map(|journeys| journeys.into_iter().collect()),
        completion: new.completion.into(),
    };
    Ok(Made(app.identity().add_client(app.tenant(), &agent.actor, &new).await?.into()))
}

/// One client
#[utoipa::path(
    get, path = "/admin/v1/clients/{client_id}", tag = "clients", operation_id = "getClient",
    params(("client_id" = String, Path, description = "The client's name", pattern = "^[A-Za-z0-9_.-]{1,64}$")),
    responses((status = 200, description = "The client", body = Client), (status = 404, description = "`unknown_client`")),
    security(("client" = ["clients:read"])),
)]
pub(super) async fn show(
    State(app): State<App>,
    _: Agent<ClientsRead>,
    At(client_id): At<String>,
) -> Result<Told<Client>, Problem> {
    let found = app.identity().client(app.tenant(), &client_id).await?;
    Ok(Told(found.ok_or(IdentityError::UnknownClient)?.into()))
}

/// Give a client a further secret
///
/// The one before stays good until the next time; of three the oldest ends at once.
#[utoipa::path(
    post, path = "/admin/v1/clients/{client_id}/rotate", tag = "clients", operation_id = "rotateClient",
    params(("client_id" = String, Path, description = "The client's name", pattern = "^[A-Za-z0-9_.-]{1,64}$")),
    request_body = Nothing,
    responses((status = 200, description = "The client, and its new secret", body = Issued), (status = 404, description = "`unknown_client`"), (status = 422, description = "`rule_broken`: the client keeps no secret")),
    security(("client" = ["clients:write"])),
)]
pub(super) async fn rotate(
    State(app): State<App>,
    agent: Agent<ClientsWrite>,
    At(client_id): At<String>,
    _: Sent<Nothing>,
) -> Result<Told<Issued>, Problem> {
    owned(&app, &agent, &client_id).await?;
    Ok(Told(app.identity().rotate_client_secret(app.tenant(), &agent.actor, &client_id).await?.into()))
}

/// Keep a client from calling
///
/// Its tokens are void at once.
#[utoipa::path(
    post, path = "/admin/v1/clients/{client_id}/disable", tag = "clients", operation_id = "disableClient",
    params(("client_id" = String, Path, description = "The client's name", pattern = "^[A-Za-z0-9_.-]{1,64}$")),
    request_body = Nothing,
    responses((status = 200, description = "The client", body = Client), (status = 404, description = "`unknown_client`")),
    security(("client" = ["clients:write"])),
)]
pub(super) async fn disable(
    State(app): State<App>,
    agent: Agent<ClientsWrite>,
    At(client_id): At<String>,
    _: Sent<Nothing>,
) -> Result<Told<Client>, Problem> {
    Ok(Told(app.identity().set_client_active(app.tenant(), &agent.actor, &client_id, false).await?.into()))
}

/// Let a client call again
#[utoipa::path(
    post, path = "/admin/v1/clients/{client_id}/enable", tag = "clients", operation_id = "enableClient",
    params(("client_id" = String, Path, description = "The client's name", pattern = "^[A-Za-z0-9_.-]{1,64}$")),
    request_body = Nothing,
    responses((status = 200, description = "The client", body = Client), (status = 404, description = "`unknown_client`")),
    security(("client" = ["clients:write"])),
)]
pub(super) async fn enable(
    State(app): State<App>,
    agent: Agent<ClientsWrite>,
    At(client_id): At<String>,
    _: Sent<Nothing>,
) -> Result<Told<Client>, Problem> {
    owned(&app, &agent, &client_id).await?;
    Ok(Told(app.identity().set_client_active(app.tenant(), &agent.actor, &client_id, true).await?.into()))
}

/// Refuses to hand out or bring back what the caller may not do itself.
async fn owned(app: &App, agent: &Agent<ClientsWrite>, client_id: &str) -> Result<(), Problem> {
    let found = app.identity().client(app.tenant(), client_id).await?;
    agent.may_give(&found.ok_or(IdentityError::UnknownClient)?.scopes)
}

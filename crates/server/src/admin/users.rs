//! Users are listed, added, looked up, changed, disabled, enabled and deleted.

mod change;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use wayfarer_identity::{IdentifierType, NewUser as New, PersonName, User as Known, UserRef};

pub(super) use self::change::{__path_delete, __path_update, delete, update};
use super::agent::{Agent, UsersRead, UsersWrite};
use super::page::{self, Asked};
use crate::app::App;
use crate::at::At;
use crate::problem::Problem;
use crate::sent::{Made, Nothing, Sent, Told};

/// A user.
#[derive(Serialize, ToSchema)]
pub(super) struct User {
    /// The immutable id.
    user_id: String,
    /// The id under which the application knows the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_user_id: Option<String>,
    /// The mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    /// The chosen name.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// Whether the user may sign in.
    active: bool,
    /// When the user was added.
    #[schema(format = DateTime)]
    created_at: String,
    /// When the user was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
    /// What the user is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Name>,
    /// What the application keeps with the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Json>,
}

/// What a user is called.
#[derive(Serialize, ToSchema)]
struct Name {
    /// Such as `Dr.`.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    /// Further given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
}

impl From<PersonName> for Name {
    fn from(name: PersonName) -> Self {
        let text = |part: Option<std::sync::Arc<str>>| part.map(|text| text.to_string());
        Self {
            title: text(name.title),
            first_name: text(name.first_name),
            middle_name: text(name.middle_name),
            last_name: text(name.last_name),
        }
    }
}

/// Some users.
#[derive(Serialize, ToSchema)]
pub(super) struct Users {
    /// The users, in no order that means anything.
    users: Vec<User>,
    /// The `after` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A user to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUser {
    /// The immutable id; made up if not given.
    #[schema(min_length = 1, max_length = 254)]
    user_id: Option<String>,
    /// The id under which the application knows the user.
    #[schema(min_length = 1, max_length = 254)]
    external_user_id: Option<String>,
    /// The mail address.
    #[schema(min_length = 3, max_length = 254)]
    email: Option<String>,
    /// The phone number, with `+` and country code.
    #[schema(min_length = 8, max_length = 254)]
    phone_number: Option<String>,
    /// The chosen name.
    #[schema(min_length = 1, max_length = 254)]
    username: Option<String>,
}

/// By what a user is looked up. It is no part of an address, for addresses are written down everywhere.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FindUser {
    /// The kind of the identifier.
    identifier_type: Kind,
    /// The identifier.
    #[schema(min_length = 1, max_length = 254)]
    identifier: String,
}

/// A kind of identifier.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    UserId,
    ExternalUserId,
    Email,
    PhoneNumber,
    Username,
}

impl From<Kind> for IdentifierType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::UserId => Self::UserId,
            Kind::ExternalUserId => Self::ExternalUserId,
            Kind::Email => Self::Email,
            Kind::PhoneNumber => Self::PhoneNumber,
            Kind::Username => Self::Username,
        }
    }
}

impl From<Known> for User {
    fn from(user: Known) -> Self {
        let text = |field: Option<std::sync::Arc<str>>| field.map(|text| text.to_string());
        Self {
            user_id: user.user_id.to_string(),
            external_user_id: text(user.external_user_id),
            email: text(user.email),
            phone_number: text(user.phone_number),
            username: text(user.username),
            active: user.active,
            created_at: user.created_at.to_string(),
            updated_at: user.updated_at.to_string(),
            name: user.name.map(Name::from),
            custom_data: user.custom_data.map(|data| data.to_json()),
        }
    }
}

/// List users
#[utoipa::path(
    get, path = "/admin/v1/users", tag = "users", operation_id = "listUsers",
    params(("after" = Option<String>, Query, description = "The `next` of the page before", pattern = "^[A-Za-z0-9_-]{2,86}$"), ("limit" = Option<u32>, Query, description = "At most so many; 50 if not said", minimum = 1, maximum = 200)),
    responses((status = 200, description = "A page of users", body = Users), (status = 422, description = "`rule_broken`")),
    security(("client" = ["users:read"])),
)]
pub(super) async fn list(State(app): State<App>, _: Agent<UsersRead>, asked: Asked) -> Result<Told<Users>, Problem> {
    let asked = asked.only(&["after", "limit"])?;
    let page = app.identity().users(app.tenant(), asked.after()?.as_deref(), asked.limit()?).await?;
    Ok(Told(Users { users: page.users.into_iter().map(User::from).collect(), next: page::next(page.next) }))
}

/// Add a user
#[utoipa::path(
    post, path = "/admin/v1/users", tag = "users", operation_id = "addUser",
    request_body = NewUser,
    responses((status = 201, description = "The user", body = User), (status = 409, description = "`identifier_taken`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["users:write"])),
)]
pub(super) async fn add(
    State(app): State<App>,
    agent: Agent<UsersWrite>,
    Sent(new): Sent<NewUser>,
) -> Result<Made<User>, Problem> {
    let NewUser { user_id, external_user_id, email, phone_number, username } = new;
    let new = New { user_id, external_user_id, email, phone_number, username, ..New::default() };
    Ok(Made(app.identity().add_user(app.tenant(), &agent.actor, &new).await?.into()))
}

/// Look a user up by any identifier
#[utoipa::path(
    post, path = "/admin/v1/users/find", tag = "users", operation_id = "findUser",
    request_body = FindUser,
    responses((status = 200, description = "The user", body = User), (status = 404, description = "`unknown_user`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["users:read"])),
)]
pub(super) async fn find(
    State(app): State<App>,
    _: Agent<UsersRead>,
    Sent(wanted): Sent<FindUser>,
) -> Result<Told<User>, Problem> {
    let user = UserRef::new(wanted.identifier_type.into(), &wanted.identifier)?;
    Ok(Told(app.identity().user(app.tenant(), &user).await?.into()))
}

/// One user
#[utoipa::path(
    get, path = "/admin/v1/users/{user_id}", tag = "users", operation_id = "getUser",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254)),
    responses((status = 200, description = "The user", body = User), (status = 404, description = "`unknown_user`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["users:read"])),
)]
pub(super) async fn show(
    State(app): State<App>,
    _: Agent<UsersRead>,
    At(user_id): At<String>,
) -> Result<Told<User>, Problem> {
    Ok(Told(app.identity().user(app.tenant(), &UserRef::id(&user_id)?).await?.into()))
}

/// Keep a user from signing in
///
/// A live code is taken back, and every token is void, for good.
#[utoipa::path(
    post, path = "/admin/v1/users/{user_id}/disable", tag = "users", operation_id = "disableUser",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254)),
    request_body = Nothing,
    responses((status = 200, description = "The user", body = User), (status = 404, description = "`unknown_user`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["users:write"])),
)]
pub(super) async fn disable(
    State(app): State<App>,
    agent: Agent<UsersWrite>,
    At(user_id): At<String>,
    _: Sent<Nothing>,
) -> Result<Told<User>, Problem> {
    Ok(Told(app.identity().disable_user(app.tenant(), &agent.actor, &UserRef::id(&user_id)?).await?.into()))
}

/// Let a user sign in again
#[utoipa::path(
    post, path = "/admin/v1/users/{user_id}/enable", tag = "users", operation_id = "enableUser",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254)),
    request_body = Nothing,
    responses((status = 200, description = "The user", body = User), (status = 404, description = "`unknown_user`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["users:write"])),
)]
pub(super) async fn enable(
    State(app): State<App>,
    agent: Agent<UsersWrite>,
    At(user_id): At<String>,
    _: Sent<Nothing>,
) -> Result<Told<User>, Problem> {
    Ok(Told(app.identity().enable_user(app.tenant(), &agent.actor, &UserRef::id(&user_id)?).await?.into()))
}

//! Users are changed and deleted.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;
use wayfarer_identity::{Change, CustomData, PersonName, UserChanges as Known, UserRef};

use super::User;
use crate::admin::agent::{Agent, UsersWrite};
use crate::app::App;
use crate::at::At;
use crate::problem::Problem;
use crate::reply;
use crate::sent::{Sent, Told};

/// What shall be otherwise with a user. What is not named stays, and `null` takes away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::admin) struct UserChanges {
    /// The id under which the application knows the user.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 254)]
    external_user_id: Change<String>,
    /// The mail address.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<String>, min_length = 3, max_length = 254)]
    email: Change<String>,
    /// The phone number, with `+` and country code.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<String>, min_length = 8, max_length = 254)]
    phone_number: Change<String>,
    /// The chosen name.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 254)]
    username: Change<String>,
    /// What the user is called, as a whole.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<NewName>)]
    name: Change<NewName>,
    /// What the application keeps with the user, as a whole: at most 16 KiB.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<Object>)]
    custom_data: Change<Map<String, Json>>,
}

/// What a user is called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewName {
    /// Such as `Dr.`.
    #[schema(min_length = 1, max_length = 128)]
    title: Option<String>,
    /// The given name.
    #[schema(min_length = 1, max_length = 128)]
    first_name: Option<String>,
    /// Further given names.
    #[schema(min_length = 1, max_length = 128)]
    middle_name: Option<String>,
    /// The family name.
    #[schema(min_length = 1, max_length = 128)]
    last_name: Option<String>,
}

/// A field that is there: `null` takes it away.
fn change<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Change<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map_or(Change::Remove, Change::Set))
}

impl From<NewName> for PersonName {
    fn from(name: NewName) -> Self {
        Self {
            title: name.title.map(Into::into),
            first_name: name.first_name.map(Into::into),
            middle_name: name.middle_name.map(Into::into),
            last_name: name.last_name.map(Into::into),
        }
    }
}

impl TryFrom<UserChanges> for Known {
    type Error = Problem;

    fn try_from(changes: UserChanges) -> Result<Self, Problem> {
        Ok(Self {
            external_user_id: changes.external_user_id,
            email: changes.email,
            phone_number: changes.phone_number,
            username: changes.username,
            name: changes.name.try_map(|name| Ok::<_, Problem>(name.into()))?,
            custom_data: changes.custom_data.try_map(CustomData::new)?,
        })
    }
}

/// Change a user
///
/// Codes, counts and tokens stay, for they are those of the user id, which never changes.
#[utoipa::path(
    patch, path = "/admin/v1/users/{user_id}", tag = "users", operation_id = "updateUser",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254)),
    request_body = UserChanges,
    responses((status = 200, description = "The user", body = User), (status = 404, description = "`unknown_user`"), (status = 409, description = "`identifier_taken`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["users:write"])),
)]
pub(in crate::admin) async fn update(
    State(app): State<App>,
    agent: Agent<UsersWrite>,
    At(user_id): At<String>,
    Sent(changes): Sent<UserChanges>,
) -> Result<Told<User>, Problem> {
    let (user, changes) = (UserRef::id(&user_id)?, changes.try_into()?);
    Ok(Told(app.identity().update_user(app.tenant(), &agent.actor, &user, &changes).await?.into()))
}

/// Delete a user
///
/// Codes, counts, identifiers and all that was known end at once, and every token is void. The user id stays taken, so that it
/// never means somebody else.
#[utoipa::path(
    delete, path = "/admin/v1/users/{user_id}", tag = "users", operation_id = "deleteUser",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254)),
    responses((status = 204, description = "The user is gone"), (status = 404, description = "`unknown_user`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["users:write"])),
)]
pub(in crate::admin) async fn delete(
    State(app): State<App>,
    agent: Agent<UsersWrite>,
    At(user_id): At<String>,
) -> Result<Response<Body>, Problem> {
    app.identity().delete_user(app.tenant(), &agent.actor, &UserRef::id(&user_id)?).await?;
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

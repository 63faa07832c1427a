//! Orders about users come in; the users go out.

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use wayfarer::identity::{Change, NewUser, User, UserChanges};

use super::Desk;
use super::remote::{Remote, segment};
use crate::args::{self, Who};
use crate::command::user::named;

impl Desk {
    /// Adds a user.
    pub(crate) async fn add_user(&self, new: &args::NewUser) -> Result<User> {
        match self {
            Self::Store(host) => {
                let user = NewUser {
                    user_id: new.user_id.clone(),
                    external_user_id: new.external_user_id.clone(),
                    email: new.email.clone(),
                    phone_number: new.phone_number.clone(),
                    username: new.username.clone(),
                    ..NewUser::default()
                };
                Ok(host.wayfarer.identity().add_user(host.tenant(), &host.actor, &user).await?)
            }
            Self::Server(server) => {
                let given = [
                    ("user_id", &new.user_id),
                    ("external_user_id", &new.external_user_id),
                    ("email", &new.email),
                    ("phone_number", &new.phone_number),
                    ("username", &new.username),
                ];
                let given =
                    given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))));
                read(server.post("/users", &Json::Object(given.collect::<Map<_, _>>())).await?)
            }
        }
    }

    /// A user.
    pub(crate) async fn user(&self, who: &Who) -> Result<User> {
        let user = named(who)?;
        match self {
            Self::Store(host) => Ok(host.wayfarer.identity().user(host.tenant(), &user).await?),
            Self::Server(server) => read(server.find_user(who).await?),
        }
    }

    /// Changes a user.
    pub(crate) async fn update_user(&self, who: &Who, changes: &UserChanges) -> Result<User> {
        let user = named(who)?;
        match self {
            Self::Store(host) => {
                Ok(host.wayfarer.identity().update_user(host.tenant(), &host.actor, &user, changes).await?)
            }
            Self::Server(server) => {
                let path = format!("/users/{}", server.user_id(who).await?);
                read(server.patch(&path, &order(changes)).await?)
            }
        }
    }

    /// Deletes a user for good. Gives the user id.
    pub(crate) async fn delete_user(&self, who: &Who) -> Result<String> {
        let user = named(who)?;
        match self {
            Self::Store(host) => {
                let identity = host.wayfarer.identity();
                let user_id = identity.user(host.tenant(), &user).await?.user_id;
                identity.delete_user(host.tenant(), &host.actor, &user).await?;
                Ok(user_id.to_string())
            }
            Self::Server(server) => {
                let known = read(server.find_user(who).await?)?;
                server.delete(&format!("/users/{}", segment(&known.user_id))).await?;
                Ok(known.user_id.to_string())
            }
        }
    }

    /// Lets a user sign in, or keeps the user from it.
    pub(crate) async fn switch_user(&self, who: &Who, active: bool) -> Result<User> {
        let user = named(who)?;
        match self {
            Self::Store(host) => {
                let (identity, tenant, actor) = (host.wayfarer.identity(), host.tenant(), &host.actor);
                Ok(if active {
                    identity.enable_user(tenant, actor, &user).await?
                } else {
                    identity.disable_user(tenant, actor, &user).await?
                })
            }
            Self::Server(server) => switch(server, who, active).await,
        }
    }
}

async fn switch(server: &Remote, who: &Who, active: bool) -> Result<User> {
    let word = if active { "enable" } else { "disable" };
    read(server.post(&format!("/users/{}/{word}", server.user_id(who).await?), &json!({})).await?)
}

/// What stays is absent, and what goes is `null`.
fn order(changes: &UserChanges) -> Json {
    fn field<T: Serialize>(name: &str, change: &Change<T>) -> Option<(String, Json)> {
        match change {
            Change::Keep => None,
            Change::Remove => Some((name.to_owned(), Json::Null)),
            Change::Set(value) => Some((name.to_owned(), json!(value))),
        }
    }
    let fields = [
        field("external_user_id", &changes.external_user_id),
        field("email", &changes.email),
        field("phone_number", &changes.phone_number),
        field("username", &changes.username),
        field("name", &changes.name),
        field("custom_data", &changes.custom_data),
    ];
    Json::Object(fields.into_iter().flatten().collect())
}

/// A server does not tell which tokens are void by now, and nobody here asks.
fn read(mut user: Json) -> Result<User> {
    if let Some(fields) = user.as_object_mut() {
        fields.insert("token_epoch".to_owned(), json!(0));
    }
    serde_json::from_value(user).context("the server tells otherwise of a user than this program expects")
}

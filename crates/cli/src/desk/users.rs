//! Orders about users come in; the users go out.

use anyhow::{Context, Result};
use serde_json::{Map, Value as Json, json};
use wayfarer::identity::{NewUser, User};

use super::Desk;
use super::remote::Remote;
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

/// A server does not tell which tokens are void by now, and nobody here asks.
fn read(mut user: Json) -> Result<User> {
    if let Some(fields) = user.as_object_mut() {
        fields.insert("token_epoch".to_owned(), json!(0));
    }
    serde_json::from_value(user).context("the server tells otherwise of a user than this program expects")
}

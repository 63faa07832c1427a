//! A store comes in; a support desk, a page and a user who can be tried are in it, and how to call as them goes out.

use anyhow::{Context, Result};
use serde_json::json;
use wayfarer::Wayfarer;
use wayfarer::identity::{ClientScope, IdentityError, NewClient, NewUser, Origin, UserRef};
use wayfarer::step::{Actor, Secret};

use crate::args::Format;
use crate::console::Console;
use crate::output::style::{QUIET, TITLE, paint};
use crate::output::table::columns;

/// Names of its own, so that no client of an operator is meant.
const SUPPORT: &str = "dev-support";
const WEB: &str = "dev-web";
const USER: &str = "user123";

/// Who can be tried.
pub(in crate::command) struct People {
    /// Of the support desk.
    secret: Secret<String>,
}

impl People {
    /// Adds who is not there. The support desk gets a secret of its own at each start: none is kept anywhere, and the one
    /// before stays good until the next time.
    pub(in crate::command) async fn invite(host: &Wayfarer) -> Result<Self> {
        let (identity, tenant, actor) = (host.identity(), host.tenant(), Actor::operator("dev"));
        let application = identity.applications().iter().next().map(|(id, _)| id.to_owned());
        let application = application.context("there is no application")?;
        let new = |id: &str| NewClient { client_id: Some(id.to_owned()), ..NewClient::confidential(&application) };
        if identity.client(tenant, WEB).await?.is_none() {
            let origins = vec![Origin::new("http://localhost:*")?];
            let web = NewClient { confidential: false, origins, ..new(WEB).scopes([ClientScope::JourneysRun]) };
            identity.add_client(tenant, &actor, &web).await?;
        }
        let issued = if identity.client(tenant, SUPPORT).await?.is_some() {
            identity.rotate_client_secret(tenant, &actor, SUPPORT).await?
        } else {
            let scopes = [ClientScope::OtpDirect, ClientScope::UsersRead, ClientScope::UsersWrite];
            identity.add_client(tenant, &actor, &new(SUPPORT).scopes(scopes)).await?
        };
        match identity.user(tenant, &UserRef::id(USER)?).await {
            Ok(_) => {}
            Err(IdentityError::UnknownUser) => {
                let user = NewUser { external_user_id: Some(USER.to_owned()), ..NewUser::default() };
                identity.add_user(tenant, &actor, &user).await?;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Self { secret: issued.secret.context("the client has no secret")? })
    }

    /// Says how to call.
    pub(in crate::command) fn show(&self, format: Format, console: &mut Console) -> Result<()> {
        let secret = self.secret.expose();
        if format == Format::Json {
            let support = json!({ "client_id": SUPPORT, "client_secret": secret });
            let people =
                json!({ "support": support, "web": { "client_id": WEB }, "user": { "external_user_id": USER } });
            return Ok(console.print_json(&people)?);
        }
        let rows = [
            ("support", SUPPORT, paint(TITLE, secret).to_string()),
            ("page", WEB, "no secret; pages of `http://localhost:*` may call".to_owned()),
            ("user", USER, "by external user id".to_owned()),
        ];
        for line in columns(&rows.map(|(name, id, what)| [format!("  {name}"), id.to_owned(), what])) {
            console.say(line)?;
        }
        console
            .say(paint(QUIET, "  the secret is new at each start; journeys are read again whenever a file changes"))?;
        Ok(())
    }
}

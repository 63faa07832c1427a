//! The headers of a call come in; the client that calls, and what its token allows, goes out (R72, R73).

use std::collections::BTreeSet;

use axum::http::{HeaderMap, StatusCode};
use wayfarer_identity::{Client, ClientScope};
use wayfarer_step::Actor;

use super::failure::{Failure, SCOPE};
use crate::address::Address;
use crate::app::App;
use crate::bearer::bearer;
use crate::refused::Refused;

/// A client that has shown a good token.
pub(super) struct Caller {
    pub(super) client: Client,
    scopes: BTreeSet<ClientScope>,
    address: Address,
}

impl Caller {
    /// The caller by its bearer token, which is taken from its header and from nowhere else (RFC 6750 section 2.1).
    pub(super) async fn of(app: &App, headers: &HeaderMap, address: Address) -> Result<Self, Failure> {
        let refused = |reason: String| {
            tracing::info!(reason, "a token is refused");
            app.refusals().note(Refused::new("client.token_refused", reason, address));
            Failure::unauthorized()
        };
        let token = bearer(headers).and_then(Result::ok).ok_or_else(|| refused("no token".to_owned()))?;
        let found = app.identity().client_of(app.tenant(), &token).await?;
        let (client, scopes) = found.map_err(|error| refused(error.to_string()))?;
        app.throttle().client(&client.client_id)?;
        Ok(Self { client, scopes, address })
    }

    /// Refuses a caller without this scope.
    pub(super) fn needs(&self, app: &App, scope: ClientScope) -> Result<(), Failure> {
        if self.may(scope) {
            return Ok(());
        }
        tracing::info!(client = %self.client.client_id, %scope, "a client has not the scope");
        let refused = Refused::new("client.scope_refused", scope.as_str(), self.address);
        app.refusals().note(refused.client(&self.client.client_id));
        Err(Failure::new(StatusCode::FORBIDDEN, SCOPE, format!("the access token has not the scope `{scope}`")))
    }

    /// Whether the token allows it.
    pub(super) fn may(&self, scope: ClientScope) -> bool {
        self.scopes.contains(&scope)
    }

    /// The caller for the audit trail.
    pub(super) fn actor(&self) -> Actor {
        self.client.actor()
    }
}

//! The headers of a call come in; the client that calls, and what its token allows, goes out (R72, R73).

use std::collections::BTreeSet;

use axum::http::{HeaderMap, StatusCode, header};
use wayfarer_identity::{Client, ClientScope};
use wayfarer_step::{Actor, Secret};

use super::failure::{Failure, SCOPE};
use crate::app::App;

/// A client that has shown a good token.
pub(super) struct Caller {
    pub(super) client: Client,
    scopes: BTreeSet<ClientScope>,
}

impl Caller {
    /// The caller by its bearer token, which is taken from its header and from nowhere else (RFC 6750 section 2.1).
    pub(super) async fn of(app: &App, headers: &HeaderMap) -> Result<Self, Failure> {
        let token = bearer(headers).ok_or_else(Failure::unauthorized)?;
        match app.identity().client_of(app.tenant(), &token).await? {
            Ok((client, scopes)) => Ok(Self { client, scopes }),
            Err(error) => {
                tracing::info!(%error, "a token is refused");
                Err(Failure::unauthorized())
            }
        }
    }

    /// Refuses a caller without this scope.
    pub(super) fn needs(&self, scope: ClientScope) -> Result<(), Failure> {
        if self.scopes.contains(&scope) {
            return Ok(());
        }
        tracing::info!(client = %self.client.client_id, %scope, "a client has not the scope");
        Err(Failure::new(StatusCode::FORBIDDEN, SCOPE, format!("the access token has not the scope `{scope}`")))
    }

    /// The caller for the audit trail.
    pub(super) fn actor(&self) -> Actor {
        self.client.actor()
    }
}

fn bearer(headers: &HeaderMap) -> Option<Secret<String>> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (one, None) = (given.next()?, given.next()) else { return None };
    let (scheme, token) = one.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim().to_owned()))
}

//! A call of administration comes in; who acts and that they may goes out, or why not. Nothing is implied by another scope (R73).

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use wayfarer_identity::{Client, ClientScope};
use wayfarer_step::Actor;

use super::Admin;
use crate::address::Address;
use crate::agent::{AGENT, agent, operator, person};
use crate::bearer::bearer;
use crate::problem::Problem;
use crate::refused::Refused;

/// Where what may be done comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Authority {
    /// From the scopes of a client's access token.
    Tokens,
    /// From having reached the listener: the file system lets nobody but the operator near it, who may do everything and says
    /// by which name.
    Operator,
}

/// Who acts, with the scope `S`.
pub(super) struct Agent<S> {
    /// The actor for the audit trail.
    pub(super) actor: Actor,
    /// What it may do; none: everything.
    scopes: Option<BTreeSet<ClientScope>>,
    /// The client whose token was shown.
    client: Option<Client>,
    /// Whether a person is named.
    named: bool,
    scope: PhantomData<S>,
}

/// A scope as a type, so that no call can forget to name one.
pub(super) trait Needs: Send {
    const SCOPE: ClientScope;
}

macro_rules! scopes {
    ($($scope:ident)*) => {$(
        pub(super) struct $scope;

        impl Needs for $scope {
            const SCOPE: ClientScope = ClientScope::$scope;
        }
    )*};
}

scopes! {
    UsersRead UsersWrite OtpDirect CodesRead CodesWrite RunsRead RunsWrite AuditRead ApplicationsRead ClientsRead ClientsWrite
    JourneysRead JourneysWrite KeysRead KeysWrite
}

impl<S: Needs> FromRequestParts<Admin> for Agent<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, admin: &Admin) -> Result<Self, Problem> {
        match admin.authority {
            Authority::Operator => {
                let actor = Actor::operator(operator(&parts.headers).map_err(Problem::invalid)?);
                Ok(Self { actor, scopes: None, client: None, named: true, scope: PhantomData })
            }
            Authority::Tokens => {
                let agent = agent(&parts.headers).map_err(Problem::invalid)?;
                let token = bearer(&parts.headers).ok_or_else(Problem::unauthorized)??;
                let app = &admin.app;
                let (client, scopes) = match app.identity().client_of(app.tenant(), &token).await? {
                    Ok(found) => found,
                    Err(error) => {
                        tracing::info!(%error, "a token is refused");
                        let refused = Refused::new("client.token_refused", error.to_string(), Address::of(parts));
                        app.refusals().note(refused);
                        return Err(Problem::unauthorized());
                    }
                };
                if !scopes.contains(&S::SCOPE) {
                    tracing::info!(client = %client.client_id, scope = %S::SCOPE, "a client has not the scope");
                    let refused = Refused::new("client.scope_refused", S::SCOPE.as_str(), Address::of(parts));
                    app.refusals().note(refused.client(&client.client_id));
                    return Err(Problem::forbidden(format!("the access token has not the scope `{}`", S::SCOPE)));
                }
                let named = agent.is_some();
                let actor = agent.map_or_else(|| client.actor(), |agent| person(&client, agent));
                Ok(Self { actor, scopes: Some(scopes), client: Some(client), named, scope: PhantomData })
            }
        }
    }
}

impl<S> Agent<S> {
    /// Refuses where no person is named: what is done to somebody's access, or to everybody's, is done by somebody.
    pub(super) fn is_named(&self) -> Result<(), Problem> {
        if self.named { Ok(()) } else { Err(Problem::invalid(format!("the header `{AGENT}` is required: who acts?"))) }
    }

    /// Refuses to hand on what the agent itself may not do: otherwise adding clients would be a way to every scope.
    pub(super) fn may_give(&self, given: &BTreeSet<ClientScope>) -> Result<(), Problem> {
        match &self.scopes {
            Some(own) if !given.is_subset(own) => {
                Err(Problem::forbidden("the access token itself has not all scopes of the client"))
            }
            _ => Ok(()),
        }
    }

    /// The application that a call is about: a client acts for its own.
    pub(super) fn application(&self, named: Option<&str>) -> Result<Arc<str>, Problem> {
        match (&self.client, named) {
            (Some(client), Some(named)) if *client.application != *named => {
                Err(Problem::forbidden("the client belongs to another application"))
            }
            (Some(client), _) => Ok(client.application.clone()),
            (None, named) => Ok(named.unwrap_or("default").into()),
        }
    }
}

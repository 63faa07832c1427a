//! A client's id and secret come in; an access token goes out (RFC 6749 section 4.4; R61 to R67).

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use wayfarer_identity::{Client, ClientClaims, ClientScope, GrantError, IdentityError, SecretInfo, scope};
use wayfarer_step::{Fact, Secret};

use super::described::forms::{Token, TokenRequest};
use crate::address::Address;
use crate::app::App;
use crate::body;
use crate::form::{self, Parameters};
use crate::refusal::Refusal;
use crate::refused::Refused;
use crate::reply;

/// An error of section 5.2, or one of its kind.
struct Failure {
    status: StatusCode,
    error: &'static str,
    description: String,
    refusal: Option<Refusal>,
}

impl Failure {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.into(), refusal: None }
    }

    /// An unknown client, a disabled one and a wrong secret look alike (R65).
    fn client() -> Self {
        let description = "the client is unknown or its secret is wrong".to_owned();
        Self { status: StatusCode::UNAUTHORIZED, error: INVALID_CLIENT, description, refusal: None }
    }

    /// A refusal in the words of this interface.
    fn refused(refusal: &Refusal) -> Self {
        let error = match refusal {
            Refusal::Crowded | Refusal::Unavailable | Refusal::TooMany(_) => "temporarily_unavailable",
            Refusal::Internal => "server_error",
            _ => "invalid_request",
        };
        let (status, description) = (refusal.status(), refusal.message());
        Self { status, error, description, refusal: Some(refusal.clone()) }
    }

    fn answer(&self) -> Response<Body> {
        let mut response =
            reply::json(self.status, &json!({ "error": self.error, "error_description": self.description }));
        if let Some(refusal) = &self.refusal {
            response = reply::retry_after(refusal, response);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"wayfarer\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// A refusal in the words of this interface.
pub(crate) fn refused(refusal: &Refusal) -> Response<Body> {
    Failure::refused(refusal).answer()
}

/// Get a token for a client
///
/// The client shows its secret in the form or as `Basic` (RFC 6749 section 4.4).
#[utoipa::path(
    post, path = "/oidc/token", tag = "tokens", operation_id = "issueToken",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token", body = Token),
        (status = 400, description = "`invalid_request`, `unsupported_grant_type`, `invalid_scope`, `invalid_target`"),
    ),
)]
pub(crate) async fn issue(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let form = match body::read_form(&parts.headers, body, app.limits()).await {
        Ok(form) => form,
        Err(refusal) => return refused(&refusal),
    };
    grant(&app, &parts.headers, &form, Address::of(&parts)).await.unwrap_or_else(|failure| failure.answer())
}

async fn grant(app: &App, headers: &HeaderMap, form: &Parameters, address: Address) -> Result<Response<Body>, Failure> {
    let (client_id, secret) = credentials(headers, form).inspect_err(|failure| {
        if failure.error == INVALID_CLIENT {
            app.refusals().note(Refused::new(REFUSED, "no credentials", address));
        }
    })?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(Failure::new("unsupported_grant_type", "there is `client_credentials` alone")),
        None => return Err(Failure::new("invalid_request", "`grant_type` is required")),
    }
    if form.get("resource").is_some_and(|resource| resource != ClientClaims::AUDIENCE) {
        let description = format!("there is the resource `{}` alone", ClientClaims::AUDIENCE);
        return Err(Failure::new("invalid_target", description));
    }
    let (client, info) = authenticated(app, &client_id, &secret, address).await?;
    let identity = app.identity();
    let asked = asked(form)?;
    let access = match identity.grant_access(app.tenant(), &client, &info, asked.as_ref()).await {
        Ok(access) => access,
        Err(GrantError::Scope) => {
            app.refusals().note(Refused::new(SCOPE_REFUSED, "token", address).client(&client.client_id));
            return Err(no_scope());
        }
        Err(GrantError::Identity(error)) => return Err(away(&error)),
    };
    let issued = Fact::new("client.token_issued", client.actor()).result("success");
    let issued = issued.detail("scopes", scope::written(&access.scopes)).detail("secret_id", info.id.to_string());
    let issued = match address.0 {
        Some(address) => issued.detail("address", address.to_string()),
        None => issued,
    };
    identity.record(app.tenant(), vec![issued]).await.map_err(|error| away(&error))?;
    Ok(reply::json(
        StatusCode::OK,
        &json!({
            "access_token": access.token.expose(),
            "token_type": "Bearer",
            "expires_in": access.expires_in,
            "scope": scope::written(&access.scopes),
        }),
    ))
}

/// The client that shows its secret. Guesses are few for one client from one address (R62).
async fn authenticated(
    app: &App,
    client_id: &str,
    secret: &Secret<String>,
    address: Address,
) -> Result<(Client, SecretInfo), Failure> {
    let (identity, tenant) = (app.identity(), app.tenant());
    app.throttle().secret(client_id, address).map_err(|refusal| Failure::refused(&refusal))?;
    let found = identity.authenticate_client(tenant, client_id, secret).await.map_err(|error| away(&error))?;
    if let Some(found) = found {
        app.throttle().secret_was_right(client_id, address);
        return Ok(found);
    }
    // What is no client's name may be anything, a secret in the wrong field say: it is not recorded.
    let client = identity.client(tenant, client_id).await.map_err(|error| away(&error))?;
    let refused = Refused::new(REFUSED, INVALID_CLIENT, address);
    app.refusals().note(match &client {
        Some(client) => refused.client(&client.client_id),
        None => refused,
    });
    Err(Failure::client())
}

/// What is recorded of a client that did not prove itself.
const REFUSED: &str = "client.refused";

/// What is recorded of a client that asks for what it may not do.
const SCOPE_REFUSED: &str = "client.scope_refused";

const INVALID_CLIENT: &str = "invalid_client";

/// The scopes that are asked for; none: all that the client has. A word that is no scope is one that it has not.
fn asked(form: &Parameters) -> Result<Option<BTreeSet<ClientScope>>, Failure> {
    form.get("scope").map(scope::read).transpose().map_err(|_| no_scope())
}

fn no_scope() -> Failure {
    Failure::new("invalid_scope", "the client may not have this scope")
}

fn away(error: &IdentityError) -> Failure {
    tracing::warn!(code = error.code(), "no token can be given");
    Failure::refused(&Refusal::Unavailable)
}

/// The credentials, from the header or the body and not from both (section 2.3).
fn credentials(headers: &HeaderMap, form: &Parameters) -> Result<(String, Secret<String>), Failure> {
    let in_body = (form.get("client_id"), form.get("client_secret"));
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    match (given.next(), given.next(), in_body) {
        (None, _, (Some(id), Some(secret))) => Ok((id.to_owned(), Secret::new(secret.to_owned()))),
        (None, _, _) => Err(Failure::client()),
        (Some(header), None, (None, None)) => basic(header).ok_or_else(Failure::client),
        (Some(header), None, (Some(id), None)) => {
            basic(header).filter(|(named, _)| named == id).ok_or_else(Failure::client)
        }
        (Some(_), ..) => Err(Failure::new("invalid_request", "the client shows itself in more than one way")),
    }
}

/// Both parts are encoded as in a form before they are joined (section 2.3.1).
fn basic(header: &HeaderValue) -> Option<(String, Secret<String>)> {
    let (scheme, encoded) = header.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let joined = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = joined.split_once(':')?;
    Some((form::decode(id)?, Secret::new(form::decode(secret)?)))
}

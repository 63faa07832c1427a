//! A client's id and secret come in; an access token goes out (RFC 6749 section 4.4; R61 to R67).

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use wayfarer_identity::{ClientClaims, ClientScope, GrantError, IdentityError, scope};
use wayfarer_step::Secret;

use crate::app::App;
use crate::body;
use crate::form::{self, Parameters};
use crate::refusal::Refusal;
use crate::reply;

/// An error of section 5.2, or one of its kind.
struct Failure {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl Failure {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.into() }
    }

    /// An unknown client, a disabled one and a wrong secret look alike (R65).
    fn client() -> Self {
        let description = "the client is unknown or its secret is wrong".to_owned();
        Self { status: StatusCode::UNAUTHORIZED, error: "invalid_client", description }
    }

    fn answer(&self) -> Response<Body> {
        let mut response =
            reply::json(self.status, &json!({ "error": self.error, "error_description": self.description }));
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"wayfarer\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// A refusal in the words of this interface.
pub(crate) fn refused(refusal: &Refusal) -> Response<Body> {
    let error = match refusal {
        Refusal::Crowded | Refusal::Unavailable => "temporarily_unavailable",
        Refusal::Internal => "server_error",
        _ => "invalid_request",
    };
    Failure { status: refusal.status(), error, description: refusal.message() }.answer()
}

/// Gives a client a token.
pub(crate) async fn issue(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let form = match body::read_form(&parts.headers, body, app.limits()).await {
        Ok(form) => form,
        Err(refusal) => return refused(&refusal),
    };
    grant(&app, &parts.headers, &form).await.unwrap_or_else(|failure| failure.answer())
}

async fn grant(app: &App, headers: &HeaderMap, form: &Parameters) -> Result<Response<Body>, Failure> {
    let (client_id, secret) = credentials(headers, form)?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(Failure::new("unsupported_grant_type", "there is `client_credentials` alone")),
        None => return Err(Failure::new("invalid_request", "`grant_type` is required")),
    }
    if form.get("resource").is_some_and(|resource| resource != ClientClaims::AUDIENCE) {
        let description = format!("there is the resource `{}` alone", ClientClaims::AUDIENCE);
        return Err(Failure::new("invalid_target", description));
    }
    let identity = app.identity();
    let found = identity.authenticate_client(app.tenant(), &client_id, &secret).await.map_err(|error| away(&error))?;
    let (client, info) = found.ok_or_else(Failure::client)?;
    let asked = asked(form)?;
    let access = match identity.grant_access(app.tenant(), &client, &info, asked.as_ref()).await {
        Ok(access) => access,
        Err(GrantError::Scope) => return Err(no_scope()),
        Err(GrantError::Identity(error)) => return Err(away(&error)),
    };
    tracing::info!(client = %client.client_id, "a client has a token");
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

/// The scopes that are asked for; none: all that the client has. A word that is no scope is one that it has not.
fn asked(form: &Parameters) -> Result<Option<BTreeSet<ClientScope>>, Failure> {
    form.get("scope").map(scope::read).transpose().map_err(|_| no_scope())
}

fn no_scope() -> Failure {
    Failure::new("invalid_scope", "the client may not have this scope")
}

fn away(error: &IdentityError) -> Failure {
    tracing::warn!(code = error.code(), "no token can be given");
    let refusal = Refusal::Unavailable;
    Failure { status: refusal.status(), error: "temporarily_unavailable", description: refusal.message() }
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

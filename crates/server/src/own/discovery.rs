//! Where others find our keys and how clients get tokens goes out: what is true of this server, and nothing else.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use wayfarer_identity::ClientScope;

use crate::app::App;
use crate::problem::Problem;
use crate::reply;
use crate::sent::Told;

/// What is true of this server (OpenID Connect Discovery 1.0 section 3; RFC 8414 section 2).
#[derive(Serialize, ToSchema)]
pub(super) struct Configuration {
    /// Who signs.
    #[schema(format = "uri")]
    issuer: String,
    /// Where the keys are by which tokens are verified.
    #[schema(format = "uri")]
    jwks_uri: String,
    /// Where clients get their tokens.
    #[schema(format = "uri")]
    token_endpoint: String,
    token_endpoint_auth_methods_supported: [&'static str; 2],
    grant_types_supported: [&'static str; 1],
    scopes_supported: Vec<&'static str>,
    /// Empty: users sign in by journeys, and there is no authorization endpoint.
    response_types_supported: Vec<String>,
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
    claims_supported: [&'static str; 10],
}

/// What is true of this server
#[utoipa::path(
    get, path = "/.well-known/openid-configuration", tag = "keys", operation_id = "getConfiguration",
    responses((status = 200, description = "OpenID Connect Discovery 1.0", body = Configuration)),
)]
pub(super) async fn configuration(State(app): State<App>) -> Result<Told<Configuration>, Problem> {
    let issuer = app.identity().issuer(app.tenant());
    Ok(Told(Configuration {
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        token_endpoint: format!("{issuer}/oidc/token"),
        issuer,
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        grant_types_supported: ["client_credentials"],
        scopes_supported: ClientScope::ALL.map(ClientScope::as_str).to_vec(),
        response_types_supported: Vec::new(),
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["ES256"],
        claims_supported: ["iss", "sub", "aud", "exp", "iat", "sid", "amr", "acr", "auth_time", "external_user_id"],
    }))
}

/// The keys by which others verify tokens
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "keys", operation_id = "getKeys",
    responses((status = 200, description = "A JSON Web Key Set (RFC 7517 section 5)", body = serde_json::Value)),
)]
pub(super) async fn keys(State(app): State<App>) -> Response<Body> {
    reply::json(StatusCode::OK, &app.identity().jwks())
}

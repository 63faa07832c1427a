//! A token or a completion code of a journey comes in from an application's backend; the claims or the tokens go out.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use serde_json::{Value as Json, json};
use wayfarer_identity::{ClientScope, TokenKind};
use wayfarer_step::Secret;

use crate::address::Address;
use crate::app::App;
use crate::mosaic::caller::Caller;
use crate::mosaic::described::letters::{ExchangeCode, Exchanged, IntrospectToken, Introspected};
use crate::mosaic::failure::Failure;
use crate::{body, form, reply};

/// What the backend asks for.
#[derive(Clone, Copy, Debug)]
enum Ask {
    /// What a token says.
    Introspect,
    /// The tokens that a code stands for.
    Exchange,
}

/// See what a token says
#[utoipa::path(
    post, path = "/ido/api/v2/token/introspect", tag = "mosaic journeys", operation_id = "introspectToken",
    params(("clientId" = String, Query, description = "The client whose journey it was", min_length = 1)),
    request_body = IntrospectToken,
    responses((status = 200, description = "What a live token says", body = Introspected)),
    security(("client" = ["tokens:read"])),
)]
pub(super) async fn introspect(app: State<App>, request: Request) -> Response<Body> {
    answer(Ask::Introspect, app, request).await
}

/// Exchange a completion code
///
/// Once: a second time ends the session.
#[utoipa::path(
    post, path = "/ido/api/v2/token/exchange", tag = "mosaic journeys", operation_id = "exchangeCode",
    params(("clientId" = String, Query, description = "The client whose journey it was", min_length = 1)),
    request_body = ExchangeCode,
    responses((status = 200, description = "The tokens that the code stands for", body = Exchanged)),
    security(("client" = ["tokens:read"])),
)]
pub(super) async fn exchange(app: State<App>, request: Request) -> Response<Body> {
    answer(Ask::Exchange, app, request).await
}

/// Answers a backend, in the words of this interface.
async fn answer(ask: Ask, State(app): State<App>, request: Request) -> Response<Body> {
    match told(ask, &app, request).await {
        Ok(data) => reply::json(StatusCode::OK, &json!({ "error_code": 0, "error_message": "", "data": data })),
        Err(failure) => failure.of_journeys(),
    }
}

async fn told(ask: Ask, app: &App, request: Request) -> Result<Json, Failure> {
    let (parts, body) = request.into_parts();
    let caller = Caller::of(app, &parts.headers, Address::of(&parts)).await?;
    caller.needs(app, ClientScope::TokensRead)?;
    let query = form::read(parts.uri.query().unwrap_or_default().as_bytes())?;
    let client_id = query.get("clientId").ok_or_else(|| Failure::invalid("`clientId` is required"))?;
    // It names whose journey it was: a page's client, or the caller itself. Others are not spoken of here.
    let named = app.identity().client(app.tenant(), client_id).await?;
    let fits = named.is_some_and(|named| named.active && named.application == caller.client.application);
    let Json::Object(fields) = body::read_json(&parts.headers, body, app.limits()).await? else {
        return Err(Failure::invalid("the body must be an object"));
    };
    let name = match ask {
        Ask::Introspect => "token",
        Ask::Exchange => "code",
    };
    let text = fields.get(name).and_then(Json::as_str);
    let text = text.ok_or_else(|| Failure::invalid(format!("`{name}` must be a text")))?;
    if !fits {
        return Err(refused(name));
    }
    let secret = Secret::new(text.to_owned());
    match ask {
        Ask::Introspect => says(app, &caller, &secret).await,
        Ask::Exchange => stands_for(app, &caller, &secret).await,
    }
}

async fn says(app: &App, caller: &Caller, token: &Secret<String>) -> Result<Json, Failure> {
    let application = &caller.client.application;
    let found = app.identity().introspect(app.tenant(), application, TokenKind::Access, token).await?;
    let claims = found.map_err(|error| {
        tracing::info!(%error, "a token of a journey is refused");
        refused("token")
    })?;
    Ok(json!(claims))
}

async fn stands_for(app: &App, caller: &Caller, code: &Secret<String>) -> Result<Json, Failure> {
    let exchanged = app.identity().exchange(app.tenant(), &caller.client, code).await?;
    let exchanged = exchanged.ok_or_else(|| {
        tracing::info!(client = %caller.client.client_id, "a completion code is refused");
        refused("code")
    })?;
    let claims = exchanged.claims;
    Ok(json!({
        "access_token": exchanged.access_token.expose(),
        "id_token": exchanged.id_token.expose(),
        "token_type": "Bearer",
        "expires_in": claims.exp.saturating_sub(claims.iat),
        "session_id": claims.sid,
        "claims": claims,
    }))
}

/// Why is not told.
fn refused(name: &str) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, "invalid_grant", format!("the {name} is not valid"))
}

//! The interfaces of Mosaic's documentation and official SDK: calls as they are documented come in, answers in their shape go
//! out. `docs/mosaic.md` says what is the same, what differs and what is not there.

mod caller;
mod described;
pub(crate) mod failure;
mod fields;
pub(crate) mod ido;
mod otp;
pub(crate) mod token;
mod users;

use axum::Router;
use axum::routing::post;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The calls, each with what the OpenAPI document says of it.
fn calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(token::issue))
        .routes(routes!(otp::send))
        .routes(routes!(otp::authenticate::authenticate))
        .routes(routes!(users::create, users::list::list))
        .routes(routes!(users::by_identifier))
        .routes(routes!(users::by_email))
        .routes(routes!(users::by_username))
        .routes(routes!(users::by_external_id))
        .routes(routes!(users::by_phone_number))
        .routes(routes!(users::by_id, users::change::update))
        .routes(routes!(users::change::delete))
        .merge(ido::calls())
}

/// All routes of these interfaces.
pub(crate) fn routes() -> Router<App> {
    Router::from(calls()).route("/cis/oidc/token", post(token::issue)).merge(ido::routes())
}

/// Their part of the OpenAPI document.
pub(crate) fn document() -> OpenApi {
    described::complete(calls().into_openapi())
}

//! The calls of our own interface come in, each with what its code declares; the OpenAPI 3.1 document goes out, with what holds
//! for all of them.

pub(crate) mod common;
mod links;

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::routing::get;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;

use crate::{admin, mosaic, own, reply};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Wayfarer",
        description = "Identity journeys as code. What differs from Mosaic's documentation in the calls of its interfaces is told in `docs/mosaic.md`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "runs", description = "Runs of journeys: started and answered by applications, looked after by administrators"),
        (name = "users", description = "Users"),
        (name = "codes", description = "Temporary codes"),
        (name = "applications", description = "Applications of the installation"),
        (name = "clients", description = "Programs that call"),
        (name = "audit", description = "The audit trail"),
        (name = "mosaic codes", description = "Mosaic's interface for codes"),
        (name = "mosaic users", description = "Mosaic's interface for users"),
        (name = "mosaic journeys", description = "Mosaic's interface for journeys, as its SDK calls it, and their tokens"),
        (name = "tokens", description = "Tokens of clients"),
        (name = "journeys", description = "Journeys and their versions"),
        (name = "keys", description = "Keys, and what others verify tokens by"),
    ),
)]
struct Head;

/// The document of what applications may call.
#[must_use]
pub fn public() -> OpenApi {
    let mut document = Head::openapi();
    document.merge(own::calls().into_openapi());
    document.merge(own::open().into_openapi());
    common::complete(&mut document);
    links::link(&mut document);
    document.merge(mosaic::document());
    document
}

/// The document of everything, administration on the listener for operators included.
#[must_use]
pub fn whole() -> OpenApi {
    let mut document = Head::openapi();
    document.merge(own::calls().into_openapi());
    document.merge(own::open().into_openapi());
    document.merge(admin::calls().into_openapi());
    common::complete(&mut document);
    links::link(&mut document);
    document.merge(mosaic::document());
    document
}

/// Serves a document.
pub(crate) fn route<S: Clone + Send + Sync + 'static>(document: &OpenApi) -> Router<S> {
    let body = serde_json::to_value(document).unwrap_or_default();
    Router::new().route("/openapi.json", get(async move || -> Response<Body> { reply::json(StatusCode::OK, &body) }))
}

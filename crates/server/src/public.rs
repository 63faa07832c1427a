//! What is served comes in; the routes of the public listener go out.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::routing::get;

use crate::app::App;
use crate::face::Face;
use crate::refusal::Refusal;
use crate::{mosaic, openapi, own, reply};

/// All routes that an application may reach.
pub(crate) fn routes(app: App) -> Router {
    let own = own::routes(&app);
    Router::new()
        .route("/.well-known/jwks.json", get(keys))
        .merge(own)
        .merge(openapi::route(&openapi::public()))
        .merge(mosaic::routes())
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .with_state(app)
}

/// The keys by which others verify tokens (RFC 7517).
async fn keys(State(app): State<App>) -> Response<Body> {
    reply::json(StatusCode::OK, &app.identity().jwks())
}

async fn unknown(request: Request) -> Response<Body> {
    Face::of(request.uri().path()).refuse(&Refusal::NotFound)
}

/// The router adds the methods that it takes (RFC 9110 section 15.5.6).
async fn wrong_method(request: Request) -> Response<Body> {
    Face::of(request.uri().path()).refuse(&Refusal::Method)
}

//! What is served comes in; the routes of the public listener go out.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;

use crate::app::App;
use crate::face::Face;
use crate::refusal::Refusal;
use crate::{mosaic, openapi, own};

/// All routes that an application may reach.
pub(crate) fn routes(app: App) -> Router {
    let own = own::routes(&app);
    Router::new()
        .merge(own)
        .merge(openapi::route(&openapi::public()))
        .merge(mosaic::routes())
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .with_state(app)
}

async fn unknown(request: Request) -> Response<Body> {
    Face::of(request.uri().path()).refuse(&Refusal::NotFound)
}

/// The router adds the methods that it takes (RFC 9110 section 15.5.6).
async fn wrong_method(request: Request) -> Response<Body> {
    Face::of(request.uri().path()).refuse(&Refusal::Method)
}

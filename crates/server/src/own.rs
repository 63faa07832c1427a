//! Our own interface for applications: a journey is started, a prompt is answered or read again, a backend's journey is called;
//! how far a run has come goes out in one shape, and why not as problem details. `docs/interface.md` tells of it.

mod answer;
mod backend;
mod browser;
mod discovery;
mod party;
mod pass;
mod runs;

use axum::{Router, middleware};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::app::App;

/// All calls of those who show who they are, each with what the OpenAPI document says of it.
pub(crate) fn calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(backend::call))
        .routes(paged(routes!(runs::start)))
        .routes(paged(routes!(runs::submit)))
        .routes(paged(routes!(runs::cancel)))
        .routes(paged(routes!(runs::current)))
}

/// A call that pages may make: their browsers ask before.
fn paged((schemas, paths, router): UtoipaMethodRouter<App>) -> UtoipaMethodRouter<App> {
    (schemas, paths, router.options(party::preflight))
}

/// What anybody may read.
pub(crate) fn open() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(discovery::configuration)).routes(routes!(discovery::keys))
}

/// All of it: the calls for those who may make them.
pub(crate) fn routes(app: &App) -> Router<App> {
    let calls = Router::from(calls()).layer(middleware::from_fn_with_state(app.clone(), party::within));
    calls.merge(Router::from(open()))
}

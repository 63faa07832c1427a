//! The state of the server comes in; whether it lives and is ready goes out, to this machine.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::routing::get;
use serde_json::json;

use crate::app::App;
use crate::metrics::{CONTENT_TYPE, Metrics};
use crate::problem::problem;
use crate::refusal::Refusal;
use crate::reply;
use crate::stop::Stop;

/// The routes of the listener for operators.
pub(crate) fn routes(app: App, stop: Stop, metrics: Metrics) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(async move |state: State<(App, Stop)>| measures(state, &metrics).await))
        .fallback(async || problem(&Refusal::NotFound))
        .method_not_allowed_fallback(async || problem(&Refusal::Method))
        .with_state((app, stop))
}

async fn health() -> Response<Body> {
    reply::json(StatusCode::OK, &json!({ "status": "alive" }))
}

/// So many runs are counted at most.
const MOST: usize = 10_000;

async fn measures(State((app, _)): State<(App, Stop)>, metrics: &Metrics) -> Response<Body> {
    match app.engine().waiting(app.tenant(), MOST).await {
        Ok(number) => metrics.waiting(number),
        Err(error) => tracing::warn!(code = error.code(), "the runs that wait cannot be counted"),
    }
    match metrics.text() {
        Ok(text) => reply::text(CONTENT_TYPE, text),
        Err(_) => problem(&Refusal::Internal),
    }
}

/// Ready is who can read the store and is not about to stop.
async fn ready(State((app, stop)): State<(App, Stop)>) -> Response<Body> {
    if stop.is_wanted() {
        return problem(&Refusal::Unavailable);
    }
    match app.identity().clients(app.tenant(), 1).await {
        Ok(_) => reply::json(StatusCode::OK, &json!({ "status": "ready" })),
        Err(error) => {
            tracing::warn!(code = error.code(), "not ready");
            problem(&Refusal::Unavailable)
        }
    }
}

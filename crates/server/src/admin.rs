//! The state of the server and the calls of administrators come in; whether it lives and is ready, and what was asked for, goes
//! out, on the listener for operators alone (R89).

mod agent;
mod applications;
mod audit;
mod clients;
mod codes;
mod journeys;
mod keys;
mod page;
mod runs;
mod users;
mod word;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::agent::Authority;
use crate::app::App;
use crate::metrics::{CONTENT_TYPE, Metrics};
use crate::mosaic::token;
use crate::problem::problem;
use crate::refusal::Refusal;
use crate::stop::Stop;
use crate::{openapi, reply};

/// The routes of the listener for operators: administration is for clients whose tokens allow it.
pub(crate) fn listener(app: App, stop: Stop, metrics: Metrics) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(async move |state: State<(App, Stop)>| measures(state, &metrics).await))
        .with_state((app.clone(), stop))
        // Whoever may only reach this listener gets its tokens here.
        .merge(Router::new().route("/oidc/token", post(token::issue)).with_state(app.clone()))
        .merge(routes(app, Authority::Tokens))
        .merge(openapi::route(&openapi::whole()))
        .fallback(async || problem(&Refusal::NotFound))
        .method_not_allowed_fallback(async || problem(&Refusal::Method))
}

/// The routes of the socket that only the operator can open.
pub(crate) fn operators(app: App) -> Router {
    routes(app, Authority::Operator)
        .fallback(async || problem(&Refusal::NotFound))
        .method_not_allowed_fallback(async || problem(&Refusal::Method))
}

/// Administration, by whoever the authority says may do it.
fn routes(app: App, authority: Authority) -> Router {
    Router::from(calls()).with_state(Admin { app, authority })
}

/// All calls of administration, each with what the OpenAPI document says of it.
pub(crate) fn calls() -> OpenApiRouter<Admin> {
    OpenApiRouter::new()
        .routes(routes!(users::list, users::add))
        .routes(routes!(users::find))
        .routes(routes!(users::show, users::update, users::delete))
        .routes(routes!(users::disable))
        .routes(routes!(users::enable))
        .routes(routes!(codes::status, codes::issue))
        .routes(routes!(codes::revoke))
        .routes(routes!(codes::unlock))
        .routes(routes!(codes::enable))
        .routes(routes!(applications::list))
        .routes(routes!(clients::list, clients::add))
        .routes(routes!(clients::show))
        .routes(routes!(clients::rotate))
        .routes(routes!(clients::disable))
        .routes(routes!(clients::enable))
        .routes(routes!(journeys::list, journeys::deploy))
        .routes(routes!(journeys::show))
        .routes(routes!(journeys::live))
        .routes(routes!(journeys::on_trial))
        .routes(routes!(journeys::roll_back))
        .routes(routes!(keys::list))
        .routes(routes!(keys::rotate))
        .routes(routes!(keys::retire))
        .routes(routes!(runs::list))
        .routes(routes!(runs::show))
        .routes(routes!(runs::end))
        .routes(routes!(audit::list))
        .routes(routes!(audit::verify))
}

/// What the calls of administration work with.
#[derive(Clone)]
pub(crate) struct Admin {
    app: App,
    authority: Authority,
}

impl FromRef<Admin> for App {
    fn from_ref(admin: &Admin) -> Self {
        admin.app.clone()
    }
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

//! The interfaces of Mosaic's documentation and official SDK: calls as they are documented come in, answers in their shape go
//! out. `docs/mosaic.md` says what is the same, what differs and what is not there.

mod caller;
pub(crate) mod failure;
mod fields;
pub(crate) mod ido;
mod otp;
pub(crate) mod token;
mod users;

use axum::Router;
use axum::routing::{delete, get, post};

use crate::app::App;

/// All routes of these interfaces.
pub(crate) fn routes() -> Router<App> {
    let router = Router::new()
        .route("/oidc/token", post(token::issue))
        .route("/cis/oidc/token", post(token::issue))
        .route("/cis/v1/auth/otp/send", post(otp::send))
        .route("/cis/v1/auth/otp/authenticate", post(otp::authenticate::authenticate))
        .route("/cis/v1/users", post(users::create).get(users::list::list))
        .route("/cis/v1/users/identifier", get(users::by_identifier))
        .route("/cis/v1/users/{user_id}", get(users::by_id).put(users::change::update))
        .route("/cis/v1/manage/users/{user_id}", delete(users::change::delete));
    let router = users::LOOKUPS.into_iter().fold(router, |router, (word, kind)| {
        let route = format!("/cis/v1/users/{word}/{{value}}");
        router.route(&route, get(move |app, address, headers, path| users::by(kind, app, address, headers, path)))
    });
    router.merge(ido::routes())
}

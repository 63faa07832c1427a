//! The address and the origin of a call come in; the client that calls goes out, if it may, and its page may read the answer.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use wayfarer_identity::{Client, ClientScope};
use wayfarer_step::Source;

use super::envelope::{Denial, Envelope};
use crate::address::Address;
use crate::app::App;
use crate::form::{self, Parameters};
use crate::refusal::Refusal;
use crate::refused::Refused;
use crate::reply;

/// Who calls. A client that runs in pages and apps keeps no secret, so it proves nothing: it only says whose journeys, and
/// from which pages.
pub(super) struct Visitor {
    pub(super) client: Client,
    /// From where it calls.
    pub(super) source: Source,
    query: Parameters,
    /// The page's origin, if a browser calls.
    origin: Option<HeaderValue>,
}

impl Visitor {
    pub(super) async fn of(
        app: &App,
        headers: &HeaderMap,
        query: Option<&str>,
        address: Address,
    ) -> Result<Self, Denial> {
        let query = form::read(query.unwrap_or_default().as_bytes())?;
        let client_id = query.get("clientId").ok_or_else(Denial::malformed)?;
        let found = app.identity().client(app.tenant(), client_id).await.map_err(|error| {
            tracing::warn!(code = error.code(), "a client cannot be looked up");
            Denial::from(Refusal::Unavailable)
        })?;
        let may_call = |client: &Client| client.active && client.scopes.contains(&ClientScope::JourneysRun);
        let refused = |name, reason, client: Option<&Client>| {
            let refused = Refused::new(name, reason, address);
            app.refusals().note(match client {
                Some(client) => refused.client(&client.client_id),
                None => refused,
            });
            Denial::Forbidden
        };
        let Some(client) = found.as_ref().filter(|client| may_call(client)) else {
            return Err(refused("client.refused", "may run no journeys", found.as_ref()));
        };
        let origin = origin(headers, client);
        let origin = origin.map_err(|_| refused("client.origin_refused", "not listed", Some(client)))?;
        let client = client.clone();
        Ok(Self { client, source: address.source(headers), query, origin })
    }

    /// What names the run; it proves nothing.
    pub(super) fn sid(&self) -> Option<&str> {
        self.query.get("sid")
    }

    /// Lets the page read the answer (R79).
    pub(super) fn let_page_read(&self, response: &mut Response<Body>) {
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = &self.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
}

/// The origin, if the client lists it. Browsers always say it of such a call; what is no browser need not.
fn origin(headers: &HeaderMap, client: &Client) -> Result<Option<HeaderValue>, Denial> {
    let mut given = headers.get_all(header::ORIGIN).iter();
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some(one), None) if one.to_str().is_ok_and(|origin| client.allows(origin)) => Ok(Some(one.clone())),
        _ => Err(Denial::Forbidden),
    }
}

/// What a browser may send, and for how long it need not ask again.
const ALLOWED: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
    (header::ACCESS_CONTROL_MAX_AGE, "600"),
];

/// A browser asks whether its page may call.
pub(super) async fn preflight(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    let visitor = match Visitor::of(&app, &headers, query.as_deref(), address).await {
        Ok(visitor) => visitor,
        Err(denial) => return Envelope::from(denial).answer(),
    };
    let mut response = reply::empty(StatusCode::NO_CONTENT);
    visitor.let_page_read(&mut response);
    if visitor.origin.is_some() {
        response.headers_mut().extend(ALLOWED.map(|(name, value)| (name, HeaderValue::from_static(value))));
    }
    response
}

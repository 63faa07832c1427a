//! A call comes in; the client that calls goes with it, if it may, and its page may read the answer (R72, R79, R80).

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use wayfarer_identity::{Client, ClientScope};
use wayfarer_step::{Secret, Source};

use super::browser::Browser;
use crate::address::Address;
use crate::app::App;
use crate::bearer::bearer;
use crate::form;
use crate::problem::Problem;
use crate::refused::Refused;
use crate::reply;

/// Who calls: a backend, which shows its token, or a client without a secret, which only says whose journeys it wants and
/// proves nothing.
#[derive(Clone)]
pub(super) struct Party {
    pub(super) client: Arc<Client>,
    /// The browser, if the call comes from one.
    pub(super) browser: Browser,
    /// The page's origin, which the client lists.
    pub(super) origin: Option<HeaderValue>,
    /// From where it calls.
    pub(super) source: Source,
}

/// Finds out who calls, before anything else of the call is looked at.
pub(super) async fn within(State(app): State<App>, mut request: Request, next: Next) -> Response<Body> {
    let address = request.extensions().get().copied().unwrap_or_default();
    let party = match Party::of(&app, request.headers(), request.uri().query(), address).await {
        Ok(party) => party,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(party.clone());
    let mut response = next.run(request).await;
    party.let_page_read(&mut response);
    response
}

impl Party {
    async fn of(app: &App, headers: &HeaderMap, query: Option<&str>, address: Address) -> Result<Self, Problem> {
        let query = form::read(query.unwrap_or_default().as_bytes())?;
        if !query.has_only(&["client_id"]) {
            return Err(Problem::invalid("the query takes `client_id` alone"));
        }
        let client = match (bearer(headers), query.get("client_id")) {
            (Some(token), None) => backend(app, token, address).await?,
            (None, Some(client_id)) => public(app, client_id, address).await?,
            (Some(_), Some(_)) => return Err(Problem::invalid("the client shows itself in more than one way")),
            (None, None) => return Err(Problem::unauthorized()),
        };
        let origin = origin(headers, &client).inspect_err(|_| {
            let refused = Refused::new("client.origin_refused", "not listed", address);
            app.refusals().note(refused.client(&client.client_id));
        })?;
        let browser = Browser::of(headers, origin.is_some());
        Ok(Self { client: Arc::new(client), browser, origin, source: address.source(headers) })
    }

    fn let_page_read(&self, response: &mut Response<Body>) {
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = &self.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("trace-id, retry-after"));
        }
    }
}

async fn backend(app: &App, token: Result<Secret<String>, Problem>, address: Address) -> Result<Client, Problem> {
    let refused = |reason: String| {
        tracing::info!(reason, "a token is refused");
        app.refusals().note(Refused::new("client.token_refused", reason, address));
        Problem::unauthorized()
    };
    let token = token.map_err(|_| refused("no token".to_owned()))?;
    let found = app.identity().client_of(app.tenant(), &token).await?;
    let (client, scopes) = found.map_err(|error| refused(error.to_string()))?;
    app.throttle().client(&client.client_id)?;
    let scope = ClientScope::JourneysRun;
    if !scopes.contains(&scope) {
        let refused = Refused::new("client.scope_refused", scope.as_str(), address);
        app.refusals().note(refused.client(&client.client_id));
        return Err(Problem::forbidden(format!("the access token has not the scope `{scope}`")));
    }
    Ok(client)
}

/// A client that can keep a secret must show that it has it: its name alone is no pass for pages. Its rate is not counted here:
/// anybody knows the name, and could use the rate up.
async fn public(app: &App, client_id: &str, address: Address) -> Result<Client, Problem> {
    let found = app.identity().client(app.tenant(), client_id).await?;
    let may_call =
        |client: &Client| client.active && !client.confidential && client.scopes.contains(&ClientScope::JourneysRun);
    match found {
        Some(client) if may_call(&client) => Ok(client),
        found => {
            let refused = Refused::new("client.refused", "may run no journeys", address);
            app.refusals().note(match found {
                Some(client) => refused.client(&client.client_id),
                None => refused,
            });
            Err(Problem::unauthorized())
        }
    }
}

/// The origin, if the client lists it. Browsers always say it of a call that may change something.
fn origin(headers: &HeaderMap, client: &Client) -> Result<Option<HeaderValue>, Problem> {
    let mut given = headers.get_all(header::ORIGIN).iter();
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some(one), None) if one.to_str().is_ok_and(|origin| client.allows(origin)) => Ok(Some(one.clone())),
        _ => Err(Problem::new(StatusCode::FORBIDDEN, "origin_not_allowed", "the client does not list this origin")),
    }
}

/// What a page may send, and for how long its browser need not ask again.
const ALLOWED: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, idempotency-key, wayfarer-handle"),
    (header::ACCESS_CONTROL_MAX_AGE, "600"),
];

/// A browser asks whether its page may call.
pub(super) async fn preflight(Extension(party): Extension<Party>) -> Response<Body> {
    let mut response = reply::empty(StatusCode::NO_CONTENT);
    if party.origin.is_some() {
        response.headers_mut().extend(ALLOWED.map(|(name, value)| (name, HeaderValue::from_static(value))));
    }
    response
}

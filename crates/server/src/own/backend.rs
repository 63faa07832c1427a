//! A journey for backends is called; the answer that its `complete_journey` makes up goes out.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::Value as Json;
use wayfarer_engine::{Answer, Outcome};
use wayfarer_lang::Value;
use wayfarer_lang::program::Kind;
use wayfarer_lang::response::{is_value, may_set};

use super::party::Party;
use super::runs::{StartRun, ordered};
use crate::app::App;
use crate::at::At;
use crate::beat::Beat;
use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::reply;
use crate::sent::Sent;

/// Call a journey for backends
///
/// Runs a journey of kind `backend` to its end, in this one call. Status, headers and body are those that its
/// `complete_journey` makes up: any status from 200 to 599.
#[utoipa::path(
    post, path = "/v1/journeys/{journey}", tag = "runs", operation_id = "callJourney",
    params(
        ("journey" = String, Path, description = "The journey's id", pattern = "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"),
        ("Idempotency-Key" = Option<String>, Header, description = "Made by the client, never used before: the same call with it within a minute gets the same answer, another one 409", pattern = "^[!-~]{1,256}$"),
    ),
    request_body = StartRun,
    responses(
        (status = 404, description = "`unknown_journey`"),
        (status = 409, description = "`conflict`"),
        (status = 422, description = "`invalid_parameters`"),
        (status = "default", description = "What the journey answers: JSON, unless it says otherwise", body = serde_json::Value),
    ),
    security(("client" = ["journeys:run"])),
)]
pub(super) async fn call(
    State(app): State<App>,
    Extension(party): Extension<Party>,
    At(journey): At<String>,
    headers: HeaderMap,
    Sent(StartRun { params }): Sent<StartRun>,
) -> Result<Response<Body>, Problem> {
    // Whoever keeps no secret is nobody's backend.
    if !party.client.confidential {
        return Err(Problem::unauthorized());
    }
    let start = ordered(&app, &party, (&journey, Kind::Backend), params, &headers)?;
    let answer = Box::pin(app.engine().start(start)).await?;
    let refused = answer.refused;
    let mut response = ended(&app, answer).await?;
    if refused {
        response.extensions_mut().insert(Beat);
    }
    Ok(response)
}

/// The end of the run as an answer. One that has not ended, which no checked journey comes to, is given up.
async fn ended(app: &App, answer: Answer) -> Result<Response<Body>, Problem> {
    match answer.outcome {
        Outcome::Completed { data, .. } => made_up(data.as_ref()).ok_or_else(|| {
            tracing::error!("a journey for backends made up an answer that cannot be given");
            failed()
        }),
        Outcome::Rejected { data } => {
            let body = data.as_ref().map(Value::to_json).transpose().map_err(|_| failed())?;
            let rejected = || Problem::new(StatusCode::FORBIDDEN, "rejected", "the journey ended with a refusal");
            Ok(body.map_or_else(|| rejected().into_response(), |body| reply::json(StatusCode::FORBIDDEN, &body)))
        }
        Outcome::Failed { .. } => Err(failed()),
        Outcome::Prompt { handle, .. } | Outcome::Waiting { handle, .. } => {
            tracing::error!("a journey for backends waits");
            app.engine().cancel(app.tenant(), handle.expose()).await?;
            Err(failed())
        }
    }
}

fn failed() -> Problem {
    Refusal::Internal.into()
}

/// The answer of its parts; none if they make up none.
fn made_up(parts: Option<&Value>) -> Option<Response<Body>> {
    let parts = parts?.as_object()?;
    let status = match parts.get("status") {
        None | Some(Value::Null) => StatusCode::OK,
        Some(Value::Int(status)) => StatusCode::from_u16(u16::try_from(*status).ok()?).ok()?,
        Some(_) => return None,
    };
    let headers = match parts.get("headers") {
        None | Some(Value::Null) => HeaderMap::new(),
        Some(headers) => headers.as_object()?.iter().map(|(name, value)| header(name, value)).collect::<Option<_>>()?,
    };
    let body = match parts.get("data") {
        None | Some(Value::Null) => None,
        Some(data) => Some(data.to_json().ok()?),
    };
    let mut response = match body {
        None => reply::empty(status),
        Some(Json::String(text)) if headers.contains_key(header::CONTENT_TYPE) => {
            let mut response = Response::new(Body::from(text));
            *response.status_mut() = status;
            response
        }
        // What is no text is JSON, whatever the author calls it.
        Some(_) if headers.contains_key(header::CONTENT_TYPE) => return None,
        Some(body) => reply::json(status, &body),
    };
    response.headers_mut().extend(headers);
    Some(response)
}

fn header(name: &str, value: &Value) -> Option<(HeaderName, HeaderValue)> {
    let value = match value {
        Value::Int(number) => number.to_string(),
        other => other.as_text()?.to_owned(),
    };
    let fits = is_value(&value) && may_set(name);
    let (name, value) = (HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(&value).ok()?);
    fits.then_some((name, value))
}

#[cfg(test)]
mod tests;

//! A journey is started, its prompt is answered, read again or given up; how far the run has come goes out.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;
use wayfarer_engine::{Answer, Start, Submit};
use wayfarer_lang::Value;
use wayfarer_lang::program::Kind;
use wayfarer_step::PortError;

use super::answer::RunAnswer;
use super::party::Party;
use super::pass;
use crate::app::App;
use crate::at::At;
use crate::beat::Beat;
use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::sent::{Nothing, Sent, Told};

/// How a journey begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StartRun {
    /// What the journey declares under `params`, and nothing else.
    #[serde(default)]
    pub(super) params: Map<String, Json>,
}

/// An answer to a prompt.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmitRun {
    /// The `id` of the chosen option.
    option: String,
    /// What was filled in, as the option's `schema` tells.
    #[serde(default)]
    data: Json,
    /// The step that is answered: an answer that is meant for another step is refused.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    step: Option<String>,
}

/// Start a journey
///
/// Runs a journey of kind `client` until it asks the client, waits or ends.
#[utoipa::path(
    post, path = "/v1/journeys/{journey}/runs", tag = "runs", operation_id = "startRun",
    params(
        ("journey" = String, Path, description = "The journey's id", pattern = "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"),
        ("Idempotency-Key" = Option<String>, Header, description = "Made by the client, never used before: the same start with it within a minute gets the same answer, another one 409", pattern = "^[!-~]{1,256}$"),
    ),
    request_body = StartRun,
    responses((status = 200, description = "How far the run has come", body = RunAnswer), (status = 404, description = "`unknown_journey`"), (status = 409, description = "`conflict`"), (status = 422, description = "`invalid_parameters`")),
    security(("client" = ["journeys:run"]), ("public" = [])),
)]
pub(super) async fn start(
    State(app): State<App>,
    Extension(party): Extension<Party>,
    At(journey): At<String>,
    headers: HeaderMap,
    Sent(StartRun { params }): Sent<StartRun>,
) -> Result<Response<Body>, Problem> {
    let start = ordered(&app, &party, (&journey, Kind::Client), params, &headers)?;
    let (party, cookie) = if party.browser.is_new() {
        let (browser, cookie) = party.browser.with_key(app.entropy()).map_err(|error| no_dice(&error))?;
        (Party { browser, ..party }, cookie)
    } else {
        (party, None)
    };
    let answer = Box::pin(app.engine().start(start)).await?;
    let mut response = told(&app, &party, answer)?;
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// The start of a journey of that kind, if the client may start it.
pub(super) fn ordered(
    app: &App,
    party: &Party,
    (journey, kind): (&str, Kind),
    params: Map<String, Json>,
    headers: &HeaderMap,
) -> Result<Start, Problem> {
    let client = &party.client;
    let program = app.engine().journey(app.tenant(), journey).filter(|program| program.kind() == kind);
    let program = program.filter(|program| client.may_start(program.id())).ok_or_else(unknown)?;
    Ok(Start {
        tenant: app.tenant().clone(),
        application: client.application.clone(),
        client: Some(client.client_id.clone()),
        journey: program.id().clone(),
        params: Value::from(Json::Object(params)),
        request_id: idempotency(headers)?,
        actor: client.actor(),
        source: party.source.clone(),
    })
}

/// Answer a prompt
///
/// The handle is dead once an answer is accepted, except that the very same answer gets the same reply for a minute. An answer
/// that does not fit leaves it good.
#[utoipa::path(
    post, path = "/v1/runs/submit", tag = "runs", operation_id = "submitRun",
    params(("Wayfarer-Handle" = String, Header, description = "The handle that came with the prompt")),
    request_body = SubmitRun,
    responses((status = 200, description = "How far the run has come", body = RunAnswer), (status = 404, description = "`stale_handle`"), (status = 409, description = "`conflict`"), (status = 422, description = "`invalid_answer`")),
    security(("client" = ["journeys:run"]), ("public" = [])),
)]
pub(super) async fn submit(
    State(app): State<App>,
    Extension(party): Extension<Party>,
    headers: HeaderMap,
    Sent(SubmitRun { option, data, step }): Sent<SubmitRun>,
) -> Result<Response<Body>, Problem> {
    let handle = pass::shown(&app, &party, &headers)?;
    let submit = Submit {
        tenant: app.tenant().clone(),
        handle,
        step: step.map(Into::into),
        option: option.into(),
        data: Value::from(data),
        source: party.source.clone(),
    };
    let answer = app.engine().submit(submit).await?;
    told(&app, &party, answer)
}

/// Give a run up
///
/// The run fails, and tokens that it signed are void.
#[utoipa::path(
    post, path = "/v1/runs/cancel", tag = "runs", operation_id = "cancelRun",
    params(("Wayfarer-Handle" = String, Header, description = "The handle that came with the prompt")),
    request_body = Nothing,
    responses((status = 200, description = "How the run ended", body = RunAnswer), (status = 404, description = "`stale_handle`"), (status = 409, description = "`conflict`")),
    security(("client" = ["journeys:run"]), ("public" = [])),
)]
pub(super) async fn cancel(
    State(app): State<App>,
    Extension(party): Extension<Party>,
    headers: HeaderMap,
    _: Sent<Nothing>,
) -> Result<Response<Body>, Problem> {
    let handle = pass::shown(&app, &party, &headers)?;
    let answer = app.engine().cancel(app.tenant(), &handle).await?;
    told(&app, &party, answer)
}

/// Read a prompt again
///
/// What the run waits for; if time or somebody else has moved it meanwhile, what it came to.
#[utoipa::path(
    get, path = "/v1/runs/current", tag = "runs", operation_id = "currentRun",
    params(("Wayfarer-Handle" = String, Header, description = "The handle that came with the prompt")),
    responses((status = 200, description = "How far the run has come", body = RunAnswer), (status = 404, description = "`stale_handle`"), (status = 409, description = "`conflict`: the run is being worked on")),
    security(("client" = ["journeys:run"]), ("public" = [])),
)]
pub(super) async fn current(
    State(app): State<App>,
    Extension(party): Extension<Party>,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    let handle = pass::shown(&app, &party, &headers)?;
    let answer = app.engine().current(app.tenant(), &handle).await?;
    told(&app, &party, answer)
}

/// The answer in its shape. One about a secret that was not accepted leaves on a beat, so that its time does not tell why (R39).
fn told(app: &App, party: &Party, answer: Answer) -> Result<Response<Body>, Problem> {
    let refused = answer.refused;
    let mut response = Told(RunAnswer::of(app, party, answer)?).into_response();
    if refused {
        response.extensions_mut().insert(Beat);
    }
    Ok(response)
}

fn unknown() -> Problem {
    wayfarer_engine::EngineError::UnknownJourney { journey: "".into() }.into()
}

pub(super) fn no_dice(error: &PortError) -> Problem {
    tracing::warn!(%error, "no random bytes are there");
    Refusal::Unavailable.into()
}

/// The name that the client gives to a start (law 5).
fn idempotency(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut given = headers.get_all("idempotency-key").iter();
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some(one), None) if (1..=256).contains(&one.len()) && one.as_bytes().iter().all(u8::is_ascii_graphic) => {
            Ok(one.to_str().ok().map(str::to_owned))
        }
        _ => Err(Problem::invalid("the header `idempotency-key` has 1 to 256 visible characters, once")),
    }
}

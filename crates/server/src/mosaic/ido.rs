//! The calls of the official SDK: a journey is started, a step is answered, a wait is looked after; the next step or the end
//! goes out in the envelope that the SDK reads.

mod answer;
mod assert;
mod channel;
mod cipher;
mod ending;
mod envelope;
mod letter;
mod start;
mod tokens;
mod visitor;
mod wait;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use axum::routing::post;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use self::envelope::{Denial, Envelope};
use self::letter::Letter;
use self::visitor::Visitor;
use super::described::letters::{AnswerCall, BeginCall, Envelope as LetterBack, KeyExchange, PollCall};
use crate::address::Address;
use crate::app::App;
use crate::refusal::Refusal;

/// Where the SDK calls, and where it does if its base has a slash at the end.
const BASE: &str = "/ido/api/v2/auth";
const SLASHED: &str = "/ido//api/v2/auth";

/// What the SDK may ask for.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Start,
    Assert,
    Poll,
    Exchange,
    /// What a server need not have, and this one has not.
    NotDone(&'static str),
}

const OPERATIONS: [(&str, Operation); 6] = [
    ("anonymous_invoke", Operation::Start),
    ("assert", Operation::Assert),
    ("poll", Operation::Poll),
    ("key_exchange", Operation::Exchange),
    ("sso", Operation::NotDone("there is no sign-in that another one began")),
    ("create_debug_token", Operation::NotDone("there is no debugging of journeys on this server")),
];

/// The calls that are there, each with what the OpenAPI document says of it.
pub(super) fn calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(paged(routes!(begin)))
        .routes(paged(routes!(answer_step)))
        .routes(paged(routes!(poll)))
        .routes(paged(routes!(exchange_keys)))
        // These are for backends: no page may call them.
        .routes(routes!(tokens::introspect))
        .routes(routes!(tokens::exchange))
}

/// A call that pages may make: their browsers ask before.
fn paged((schemas, paths, router): UtoipaMethodRouter<App>) -> UtoipaMethodRouter<App> {
    (schemas, paths, router.options(visitor::preflight))
}

/// What no document tells of: the same calls at a base with a slash, and those that are not done.
pub(super) fn routes() -> Router<App> {
    let slashed = OPERATIONS.map(|(word, operation)| (format!("{SLASHED}/{word}"), operation));
    let not_done = OPERATIONS.into_iter().filter(|(_, operation)| matches!(operation, Operation::NotDone(_)));
    let not_done = not_done.map(|(word, operation)| (format!("{BASE}/{word}"), operation));
    slashed.into_iter().chain(not_done).fold(Router::new(), |router, (path, operation)| {
        let call = move |app, request| perform(operation, app, request);
        router.route(&path, post(call).options(visitor::preflight))
    })
}

/// Start a journey
///
/// A page says whose it is, by `clientId` and its `Origin`, and shows nothing. The name of the run, which further calls show as
/// `sid`, is the header `session_id` of the envelope; `data` has the next step, or the end.
#[utoipa::path(
    post, path = "/ido/api/v2/auth/anonymous_invoke", tag = "mosaic journeys", operation_id = "beginJourney",
    params(("clientId" = String, Query, description = "The client of the page", min_length = 1)),
    request_body = BeginCall,
    responses(
        (status = 200, description = "The next step, or the end", body = LetterBack, links(
            ("answerStep" = (operation_id = "answerStep", parameters(("sid" = "$response.body#/headers/0/session_id")))),
            ("pollWait" = (operation_id = "pollWait", parameters(("sid" = "$response.body#/headers/0/session_id")))),
        )),
        (status = 404, description = "There is no such journey for this client"),
        (status = 409, description = "It was started before, otherwise"),
    ),
)]
async fn begin(app: State<App>, request: Request) -> Response<Body> {
    perform(Operation::Start, app, request).await
}

/// Answer a step
///
/// Whatever is wrong with the name of the run or the handle is the same rejection.
#[utoipa::path(
    post, path = "/ido/api/v2/auth/assert", tag = "mosaic journeys", operation_id = "answerStep",
    params(
        ("clientId" = String, Query, description = "The client of the page", min_length = 1),
        ("sid" = Option<String>, Query, description = "The name of the run; without it, the answer is a rejection"),
    ),
    request_body = AnswerCall,
    responses(
        (status = 200, description = "The next step, or the end", body = LetterBack),
        (status = 409, description = "It was answered before, otherwise"),
    ),
)]
async fn answer_step(app: State<App>, request: Request) -> Response<Body> {
    perform(Operation::Assert, app, request).await
}

/// Ask whether a wait is over
#[utoipa::path(
    post, path = "/ido/api/v2/auth/poll", tag = "mosaic journeys", operation_id = "pollWait",
    params(
        ("clientId" = String, Query, description = "The client of the page", min_length = 1),
        ("sid" = Option<String>, Query, description = "The name of the run; without it, the answer is a rejection"),
    ),
    request_body = PollCall,
    responses((status = 200, description = "`change_detected` says it", body = LetterBack)),
)]
async fn poll(app: State<App>, request: Request) -> Response<Body> {
    perform(Operation::Poll, app, request).await
}

/// Agree on a key
///
/// Further calls may be encrypted under it, by scheme 3: AES-256 in CBC mode.
#[utoipa::path(
    post, path = "/ido/api/v2/auth/key_exchange", tag = "mosaic journeys", operation_id = "exchangeKeys",
    params(("clientId" = String, Query, description = "The client of the page", min_length = 1)),
    request_body = KeyExchange,
    responses((status = 200, description = "The server's point, the name of the channel, and the data, encrypted", body = LetterBack)),
)]
async fn exchange_keys(app: State<App>, request: Request) -> Response<Body> {
    perform(Operation::Exchange, app, request).await
}

/// A refusal as the SDK can read it.
pub(crate) fn refused(refusal: &Refusal) -> Response<Body> {
    Envelope::from(refusal).answer()
}

async fn perform(operation: Operation, State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let visitor = match Visitor::of(&app, &parts.headers, parts.uri.query(), Address::of(&parts)).await {
        Ok(visitor) => visitor,
        Err(denial) => return Envelope::from(denial).answer(),
    };
    let answered = answer(operation, &app, &visitor, &parts.headers, body).await;
    let mut response = answered.unwrap_or_else(Envelope::from).answer();
    visitor.let_page_read(&mut response);
    response
}

async fn answer(
    operation: Operation,
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    body: Body,
) -> Result<Envelope, Denial> {
    let (letter, channel) = Letter::read(app, visitor, headers, body).await?;
    let answered = carry_out(operation, app, visitor, letter).await;
    match channel {
        None => answered,
        Some(channel) => channel.seal(answered.unwrap_or_else(Envelope::from)),
    }
}

async fn carry_out(operation: Operation, app: &App, visitor: &Visitor, letter: Letter) -> Result<Envelope, Denial> {
    match operation {
        Operation::Start => Box::pin(start::start(app, visitor, letter)).await,
        Operation::Assert => Box::pin(assert::assert(app, visitor, letter)).await,
        Operation::Poll => wait::poll(app, visitor, &letter).await,
        Operation::Exchange => channel::exchange(app, visitor, letter).await,
        Operation::NotDone(what) => Err(Denial::NotDone(what)),
    }
}

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

use self::envelope::{Denial, Envelope};
use self::letter::Letter;
use self::visitor::Visitor;
use crate::address::Address;
use crate::app::App;
use crate::refusal::Refusal;

/// Where the SDK calls. A base with a slash at its end gives the second.
const BASES: [&str; 2] = ["/ido/api/v2/auth", "/ido//api/v2/auth"];

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

const BACKEND: [(&str, tokens::Ask); 2] =
    [("/ido/api/v2/token/introspect", tokens::Ask::Introspect), ("/ido/api/v2/token/exchange", tokens::Ask::Exchange)];

/// The routes of the SDK, and those of the backends beside them.
pub(super) fn routes() -> Router<App> {
    let all =
        BASES.into_iter().flat_map(|base| OPERATIONS.map(|(word, operation)| (format!("{base}/{word}"), operation)));
    let router = all.fold(Router::new(), |router, (path, operation)| {
        let call = move |app, request| perform(operation, app, request);
        router.route(&path, post(call).options(visitor::preflight))
    });
    // These are for backends: no page may call them.
    BACKEND.into_iter().fold(router, |router, (path, ask)| {
        router.route(path, post(move |app, request| tokens::answer(ask, app, request)))
    })
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

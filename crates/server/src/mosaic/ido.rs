//! The calls of the official SDK: a journey is started, a step is answered, a wait is looked after; the next step or the end
//! goes out in the envelope that the SDK reads.

mod answer;
mod assert;
mod envelope;
mod start;
mod visitor;
mod wait;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use axum::routing::post;
use serde_json::{Map, Value as Json};

use self::envelope::{Denial, Envelope};
use self::visitor::Visitor;
use crate::address::Address;
use crate::app::App;
use crate::body;
use crate::refusal::Refusal;

/// Where the SDK calls. A base with a slash at its end gives the second.
const BASES: [&str; 2] = ["/ido/api/v2/auth", "/ido//api/v2/auth"];

/// What the SDK may ask for.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Start,
    Assert,
    Poll,
}

const OPERATIONS: [(&str, Operation); 3] =
    [("anonymous_invoke", Operation::Start), ("assert", Operation::Assert), ("poll", Operation::Poll)];

/// The routes of the SDK.
pub(super) fn routes() -> Router<App> {
    let all =
        BASES.into_iter().flat_map(|base| OPERATIONS.map(|(word, operation)| (format!("{base}/{word}"), operation)));
    all.fold(Router::new(), |router, (path, operation)| {
        let call = move |app, request| perform(operation, app, request);
        router.route(&path, post(call).options(visitor::preflight))
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
    let letter = Letter::read(app, headers, body).await?;
    match operation {
        Operation::Start => Box::pin(start::start(app, visitor, letter)).await,
        Operation::Assert => Box::pin(assert::assert(app, visitor, letter)).await,
        Operation::Poll => wait::poll(app, visitor, &letter).await,
    }
}

/// What the body of a call holds. Further fields and headers are left alone, as newer SDKs send some.
struct Letter {
    headers: Vec<Json>,
    data: Map<String, Json>,
}

impl Letter {
    async fn read(app: &App, headers: &HeaderMap, body: Body) -> Result<Self, Denial> {
        let Json::Object(mut fields) = body::read_json(headers, body, app.limits()).await? else {
            return Err(Denial::malformed());
        };
        let headers = match fields.remove("headers") {
            None => Vec::new(),
            Some(Json::Array(headers)) => headers,
            Some(_) => return Err(Denial::malformed()),
        };
        match fields.remove("data") {
            Some(Json::Object(data)) => Ok(Self { headers, data }),
            _ => Err(Denial::malformed()),
        }
    }

    /// The value of the first header of a type, which it holds under the name of that type.
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| header.get(name)?.as_str())
    }

    /// A text of the data.
    fn text(&self, name: &str) -> Result<&str, Denial> {
        self.data.get(name).and_then(Json::as_str).ok_or_else(Denial::malformed)
    }
}

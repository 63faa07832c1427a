//! A request comes in; its body goes out in the form that the call declares, or what is wrong with it, place by place (R50, R80).

use axum::extract::{FromRef, FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_path_to_error::{Path, Segment};
use utoipa::ToSchema;

use crate::app::App;
use crate::body;
use crate::problem::{Fault, Problem, escaped};
use crate::refusal::Refusal;
use crate::reply;

/// What a call was sent.
pub(crate) struct Sent<T>(pub(crate) T);

impl<S, T> FromRequest<S> for Sent<T>
where
    S: Send + Sync,
    App: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let app = App::from_ref(state);
        let (parts, body) = request.into_parts();
        read(body::read_json(&parts.headers, body, app.limits()).await?).map(Self)
    }
}

/// The value in its declared form.
pub(crate) fn read<T: DeserializeOwned>(body: Json) -> Result<T, Problem> {
    // A sequence would be taken for an object whose members come in order.
    if !body.is_object() {
        return Err(Problem::invalid("the body must be an object"));
    }
    serde_path_to_error::deserialize(body).map_err(|error| {
        let fault = Fault { pointer: pointer(error.path()), detail: worded(&error.inner().to_string()) };
        Problem::invalid("the body does not have the form that the call takes").with(vec![fault])
    })
}

/// The longest name that is said back to whoever sent it.
const LONGEST: usize = 64;

fn pointer(path: &Path) -> String {
    let mut pointer = "#".to_owned();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer += &format!("/{index}"),
            Segment::Map { key } if key.len() <= LONGEST => pointer += &format!("/{}", escaped(key)),
            Segment::Enum { .. } => {}
            _ => break,
        }
    }
    pointer
}

/// The reader's own words could show what was sent, which may be a secret: only what they say of the declared form is passed on.
fn worded(message: &str) -> String {
    if message.starts_with("missing field ") {
        return message.to_owned();
    }
    if message.starts_with("unknown field ") {
        return match message.rsplit_once(", expected ") {
            Some((_, known)) => format!("there is no such field; expected {known}"),
            None => "there are no fields here".to_owned(),
        };
    }
    "the value is not one that the field takes".to_owned()
}

/// An object without members: the body of a call that needs none, but is one that no page can make unasked (R80).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// An answer of JSON.
pub(crate) struct Told<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Told<T> {
    fn into_response(self) -> Response {
        written(StatusCode::OK, &self.0)
    }
}

/// An answer of JSON about something that is new.
pub(crate) struct Made<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        written(StatusCode::CREATED, &self.0)
    }
}

fn written(status: StatusCode, answer: &impl Serialize) -> Response {
    match serde_json::to_value(answer) {
        Ok(value) => reply::json(status, &value),
        Err(_) => Problem::from(Refusal::Internal).into_response(),
    }
}

#[cfg(test)]
mod tests;

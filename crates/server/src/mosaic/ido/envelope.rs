//! How a call ended comes in; the envelope that the SDK reads goes out. All refusals of a journey are the same one (law 7).

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde_json::{Value as Json, json};
use wayfarer_engine::EngineError;

use crate::beat::Beat;
use crate::refusal::Refusal;
use crate::reply;

/// One answer. The SDK needs every part of it, also in an error.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    status: StatusCode,
    code: u32,
    message: String,
    headers: Vec<Json>,
    data: Json,
    /// Whether the time that it took is hidden.
    beat: bool,
}

impl Envelope {
    /// What was asked for.
    pub(super) const fn good(data: Json) -> Self {
        Self { status: StatusCode::OK, code: 0, message: String::new(), headers: Vec::new(), data, beat: false }
    }

    /// The journey ended without success; `data` is what its author has for the page.
    pub(super) fn rejected(data: Option<Json>) -> Self {
        Self { data: ended(data), ..Self::error(StatusCode::BAD_REQUEST, 4001, "Session rejected") }
    }

    fn error(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        // Whoever reads nothing but the state sees a rejection.
        Self { status, code, message: message.into(), headers: Vec::new(), data: ended(None), beat: false }
    }

    /// The same with a header of the envelope: an object of that type.
    pub(super) fn header(self, name: &str, value: &str) -> Self {
        self.with(json!({ "type": name, name: value }))
    }

    /// The same with one more header, which has several parts.
    pub(super) fn with(mut self, header: Json) -> Self {
        self.headers.push(header);
        self
    }

    /// What the page gets.
    pub(super) const fn data(&self) -> &Json {
        &self.data
    }

    /// The same with other data.
    pub(super) fn with_data(self, data: Json) -> Self {
        Self { data, ..self }
    }

    /// The same, whose time tells nothing if a secret was not accepted.
    pub(super) fn on_beat(self, refused: bool) -> Self {
        Self { beat: refused, ..self }
    }

    /// The answer on the wire.
    pub(super) fn answer(&self) -> Response<Body> {
        let body = json!({
            "error_code": self.code,
            "error_message": self.message,
            "headers": self.headers,
            "data": self.data,
        });
        let mut response = reply::json(self.status, &body);
        if self.beat {
            response.extensions_mut().insert(Beat);
        }
        response
    }
}

fn ended(data: Option<Json>) -> Json {
    match data {
        None => json!({ "state": "rejected", "assertions_complete": false }),
        Some(data) => json!({ "state": "rejected", "assertions_complete": false, "data": data }),
    }
}

/// Why a call gets nothing.
#[derive(Clone, Debug)]
pub(super) enum Denial {
    /// The session is over, or never was, or may not begin like this: all of that looks like a rejection (R55).
    Rejected,
    /// The client may not call, or not from this page.
    Forbidden,
    /// There is no such journey for this client.
    UnknownJourney,
    /// It was asked before, otherwise.
    Conflict,
    /// The SDK has this call, and we do not.
    NotDone(&'static str),
    /// It cannot be understood, or the server is at fault.
    Refused(Refusal),
}

impl Denial {
    /// The call is not one that the SDK makes.
    pub(super) fn malformed() -> Self {
        Self::Refused(Refusal::malformed("the call is malformed"))
    }
}

impl From<Denial> for Envelope {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Rejected => Self::rejected(None),
            Denial::Forbidden => {
                let message = "the client may not call, or not from this origin";
                Self::error(StatusCode::FORBIDDEN, 4003, message)
            }
            Denial::UnknownJourney => Self::error(StatusCode::NOT_FOUND, 4004, "there is no such journey"),
            Denial::Conflict => Self::error(StatusCode::CONFLICT, 4009, "the call conflicts with one made before"),
            Denial::NotDone(what) => Self::error(StatusCode::NOT_IMPLEMENTED, 4005, what),
            Denial::Refused(refusal) => Self::from(&refusal),
        }
    }
}

impl From<&Refusal> for Envelope {
    fn from(refusal: &Refusal) -> Self {
        let code = match refusal.status().as_u16() {
            404 => 4004,
            408 => 4008,
            429 => 4029,
            503 => 5003,
            500.. => 5000,
            _ => 4000,
        };
        Self::error(refusal.status(), code, refusal.message())
    }
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<EngineError> for Denial {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::StaleHandle | EngineError::InvalidParameters { .. } | EngineError::InvalidAnswer { .. } => {
                Self::Rejected
            }
            EngineError::UnknownJourney { .. } => Self::UnknownJourney,
            EngineError::Conflict => Self::Conflict,
            EngineError::Unavailable(_) => {
                tracing::warn!(code = error.code(), "a call could not be carried out");
                Refusal::Unavailable.into()
            }
            _ => {
                tracing::error!(code = error.code(), "a call could not be carried out");
                Refusal::Internal.into()
            }
        }
    }
}

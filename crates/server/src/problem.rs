//! Why a call of our own interface failed comes in; problem details go out (RFC 9457; R78).

use std::borrow::Cow;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;
use wayfarer_engine::EngineError;
use wayfarer_identity::{IdentityError, KeyError};

use crate::refusal::Refusal;
use crate::reply;

/// Where each type of problem is told of.
const TYPES: &str = "https://github.com/wayfarer-rs/wayfarer/blob/main/docs/server.md#";

/// What a body of problem details is called.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// Why a call was not carried out (RFC 9457). Nothing secret that was sent is in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Names the type of the problem, and leads to where it is told of. It is stable.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    kind: String,
    /// The name of the status.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// One sentence for people.
    detail: Cow<'static, str>,
    /// What is wrong at each place of the body.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<Fault>)]
    errors: Box<[Fault]>,
    /// What is wrong with journey files, as `wayfarer check --format json` tells it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<Object>)]
    findings: Box<[Json]>,
    /// When to come again, for the header (RFC 9110 section 10.2.3).
    #[serde(skip)]
    retry_after: Option<Duration>,
}

/// A place in a body, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// The place as a JSON pointer in the form of a fragment (RFC 6901 section 6).
    pub(crate) pointer: String,
    /// What is wrong there.
    pub(crate) detail: String,
}

impl Problem {
    /// A problem of a type, which `docs/server.md` tells of.
    pub(crate) fn new(status: StatusCode, code: &str, detail: impl Into<Cow<'static, str>>) -> Self {
        let title = status.canonical_reason().unwrap_or_default();
        let kind = format!("{TYPES}{code}");
        let (status, detail) = (status.as_u16(), detail.into());
        Self { kind, title, status, detail, errors: Box::default(), findings: Box::default(), retry_after: None }
    }

    /// No token, or one that is worth nothing: why is not said.
    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "the call shows no good access token")
    }

    /// The caller may not do it.
    pub(crate) fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// What was sent has the form that the call takes, and breaks a rule that is beyond form.
    pub(crate) fn broken(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "rule_broken", detail)
    }

    /// What was sent has not the form that the call takes.
    pub(crate) fn invalid(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_input", detail)
    }

    /// The same with what is wrong at each place.
    pub(crate) fn with(mut self, errors: Vec<Fault>) -> Self {
        self.errors = errors.into();
        self
    }

    /// The same with what is wrong with journey files.
    pub(crate) fn found(self, findings: Vec<Json>) -> Self {
        Self { findings: findings.into(), ..self }
    }
}

impl Fault {
    /// What is wrong at a place that the engine names: `fields.name` within the member `within`.
    pub(crate) fn at(within: &str, path: &str, detail: &str) -> Self {
        let mut pointer = "#".to_owned();
        let inner = path.split(['.', '[', ']']).filter(|part| !part.is_empty());
        for part in [within].into_iter().filter(|part| !part.is_empty()).chain(inner) {
            pointer.push('/');
            pointer.push_str(&escaped(part));
        }
        Self { pointer, detail: detail.to_owned() }
    }
}

/// A name as a part of a pointer, in a fragment (RFC 6901 sections 3 and 6).
pub(crate) fn escaped(part: &str) -> String {
    let part = part.replace('~', "~0").replace('/', "~1");
    form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>().replace('+', "%20").replace("%7E", "~")
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(wait) = self.retry_after {
            reply::come_again(wait, &mut response);
        }
        let challenge = match status {
            StatusCode::UNAUTHORIZED => "Bearer error=\"invalid_token\"",
            StatusCode::FORBIDDEN => "Bearer error=\"insufficient_scope\"",
            _ => return response,
        };
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        response
    }
}

/// The refusal as problem details.
pub(crate) fn problem(refusal: &Refusal) -> Response<Body> {
    Problem::from(refusal).into_response()
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let problem = Self::new(refusal.status(), refusal.code(), refusal.message());
        match refusal {
            Refusal::TooMany(wait) => Self { retry_after: Some(*wait), ..problem },
            _ => problem,
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::from(&refusal)
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let faults = |within: &str, problems: &[wayfarer_engine::Problem]| {
            problems.iter().map(|problem| Fault::at(within, &problem.path, &problem.message)).collect()
        };
        match &error {
            EngineError::UnknownJourney { .. } => {
                Self::new(StatusCode::NOT_FOUND, "unknown_journey", "there is no such journey for this client")
            }
            EngineError::InvalidParameters { problems } => {
                let detail = "the parameters are not those that the journey declares";
                let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_parameters", detail);
                problem.with(faults("params", problems))
            }
            EngineError::InvalidAnswer { problems } => {
                let detail = "the answer does not fit what was asked";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_answer", detail).with(faults("", problems))
            }
            EngineError::StaleHandle => Self::stale(),
            EngineError::Conflict => {
                Self::new(StatusCode::CONFLICT, "conflict", "the call conflicts with one made before")
            }
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

impl Problem {
    /// A handle that is worth nothing, whatever the reason: all of them look alike (R55).
    pub(crate) fn stale() -> Self {
        Self::new(StatusCode::NOT_FOUND, "stale_handle", "the handle is not valid")
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        let message = error.to_string();
        let (status, code) = match &error {
            IdentityError::UnknownUser | IdentityError::UnknownClient => (StatusCode::NOT_FOUND, error.code()),
            IdentityError::Taken { .. } | IdentityError::UserDisabled | IdentityError::MethodDisabled => {
                (StatusCode::CONFLICT, error.code())
            }
            IdentityError::Invalid { field, reason } => {
                return Self::broken(message).with(vec![Fault::at("", field, reason)]);
            }
            IdentityError::KeyInUse { .. } => (StatusCode::CONFLICT, error.code()),
            IdentityError::Keys(KeyError::NotRetirable) => (StatusCode::CONFLICT, "key_not_retirable"),
            IdentityError::Keys(KeyError::TooMany { .. }) => (StatusCode::CONFLICT, "too_many_keys"),
            IdentityError::Keys(KeyError::NoFile) => (StatusCode::CONFLICT, "keys_elsewhere"),
            IdentityError::UnknownApplication { .. } => (StatusCode::UNPROCESSABLE_ENTITY, error.code()),
            IdentityError::Busy | IdentityError::Store(_) | IdentityError::Port(_) => {
                tracing::warn!(code = error.code(), "a call could not be carried out");
                return Refusal::Unavailable.into();
            }
            _ => {
                tracing::error!(code = error.code(), "a call could not be carried out");
                return Refusal::Internal.into();
            }
        };
        Self::new(status, code, message)
    }
}

#[cfg(test)]
mod tests;

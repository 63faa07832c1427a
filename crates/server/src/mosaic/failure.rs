//! Why a call of the backend interfaces failed comes in; an answer in the shape of the interface that was called goes out.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value as Json, json};
use wayfarer_identity::IdentityError;

use crate::refusal::Refusal;
use crate::reply;

/// A failure with a status, the word of the documentation for it where there is one, and a sentence.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// What kept it from being looked at, if that it was.
    refusal: Option<Refusal>,
}

impl Failure {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), refusal: None }
    }

    /// What was sent does not fit.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "system_invalid_input", message)
    }

    /// No token, or one that is worth nothing: why is not said.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_token", "the access token is not valid")
    }

    /// As the interface for codes words it: with a word.
    pub(crate) fn of_codes(self) -> Response<Body> {
        let body = json!({ "message": self.message, "error_code": self.code });
        self.answer(&body)
    }

    /// As the interface for users words it: with the status as a number.
    pub(crate) fn of_users(self) -> Response<Body> {
        let status = self.status.as_u16();
        let body = match self.status {
            StatusCode::BAD_REQUEST => json!({ "message": [self.message], "error_code": status }),
            StatusCode::CONFLICT => {
                json!({ "message": self.message, "error_code": status, "ts_error_code": self.code })
            }
            _ => json!({ "message": self.message, "error_code": status }),
        };
        self.answer(&body)
    }

    /// As the interface for the tokens of journeys words it: with a number that is not 0.
    pub(super) fn of_journeys(self) -> Response<Body> {
        let code = match self.status.as_u16() {
            401 => 4001,
            403 => 4003,
            408 => 4008,
            429 => 4029,
            503 => 5003,
            500.. => 5000,
            _ => 4000,
        };
        let body = json!({ "error_code": code, "error_message": self.message, "data": {} });
        self.answer(&body)
    }

    fn answer(&self, body: &Json) -> Response<Body> {
        let mut response = reply::json(self.status, body);
        if let Some(refusal) = &self.refusal {
            response = reply::retry_after(refusal, response);
        }
        let challenge = match self.status {
            StatusCode::UNAUTHORIZED => "Bearer error=\"invalid_token\"",
            StatusCode::FORBIDDEN if self.code == SCOPE => "Bearer error=\"insufficient_scope\"",
            _ => return response,
        };
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        response
    }
}

/// The word for a token that does not allow the call (RFC 6750 section 3.1).
pub(super) const SCOPE: &str = "insufficient_scope";

impl From<&Refusal> for Failure {
    fn from(refusal: &Refusal) -> Self {
        let code = match refusal {
            Refusal::Malformed(_) => "system_invalid_input",
            other => other.code(),
        };
        Self { refusal: Some(refusal.clone()), ..Self::new(refusal.status(), code, refusal.message()) }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::from(&refusal)
    }
}

impl From<IdentityError> for Failure {
    fn from(error: IdentityError) -> Self {
        let message = error.to_string();
        match error {
            IdentityError::UnknownUser => Self::new(StatusCode::NOT_FOUND, "user_not_found", message),
            IdentityError::UserDisabled => Self::new(StatusCode::FORBIDDEN, "user_not_active", message),
            IdentityError::MethodDisabled => Self::new(StatusCode::FORBIDDEN, "auth_locked", message),
            IdentityError::Taken { .. } => Self::new(StatusCode::CONFLICT, "identifier_taken", message),
            IdentityError::Invalid { .. } => Self::invalid(message),
            IdentityError::Busy | IdentityError::Store(_) | IdentityError::Port(_) => {
                tracing::warn!(code = error.code(), "a call could not be carried out");
                Self::from(&Refusal::Unavailable)
            }
            _ => {
                tracing::error!(code = error.code(), "a call could not be carried out");
                Self::from(&Refusal::Internal)
            }
        }
    }
}

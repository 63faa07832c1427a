//! What keeps a request from being answered, before any interface has looked at what it asks: each with its status.

use std::time::Duration;

use axum::http::StatusCode;

/// Why a request is refused. Nothing of what was sent is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nothing is at this address.
    NotFound,
    /// The address takes other methods.
    Method,
    /// The body is of another type than this.
    MediaType(&'static str),
    /// The body, or the number of its parts, is too large.
    TooLarge,
    /// The body did not come in time.
    Slow,
    /// The body cannot be read; what is wrong with it.
    Malformed(String),
    /// Too many requests are under way.
    Crowded,
    /// The caller, or all callers together, came too often; when to come again.
    TooMany(Duration),
    /// Something that is needed is away, or the answer took too long.
    Unavailable,
    /// We are at fault.
    Internal,
}

impl Refusal {
    /// A body that cannot be read.
    pub(crate) fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }

    /// The status by RFC 9110.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Crowded | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable word for it.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Method => "method_not_allowed",
            Self::MediaType(_) => "unsupported_media_type",
            Self::TooLarge => "too_large",
            Self::Slow => "request_timeout",
            Self::Malformed(_) => "malformed",
            Self::Crowded => "too_many_requests_at_once",
            Self::TooMany(_) => "too_many_requests",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// One sentence for people.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::NotFound => "there is nothing at this address".to_owned(),
            Self::Method => "the address does not take this method".to_owned(),
            Self::MediaType(wanted) => format!("the body must be `{wanted}`"),
            Self::TooLarge => "the body is too large".to_owned(),
            Self::Slow => "the body did not come in time".to_owned(),
            Self::Malformed(what) => what.clone(),
            Self::Crowded => "too many requests are under way; try again".to_owned(),
            Self::TooMany(_) => "too many requests; wait before the next".to_owned(),
            Self::Unavailable => "the service is not available; try again".to_owned(),
            Self::Internal => "the server failed".to_owned(),
        }
    }
}

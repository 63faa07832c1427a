//! A status and a value, or text, come in; an answer goes out.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::Value as Json;

use crate::refusal::Refusal;

/// An answer of JSON.
pub(crate) fn json(status: StatusCode, value: &Json) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An answer of text.
pub(crate) fn text(media_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// The answer that also says when to come again (RFC 9110 section 10.2.3), if the refusal does.
pub(crate) fn retry_after(refusal: &Refusal, mut response: Response<Body>) -> Response<Body> {
    if let Refusal::TooMany(wait) = refusal {
        come_again(*wait, &mut response);
    }
    response
}

/// Marks the answer to a caller who came too often: an author's own 429 has no such mark.
#[derive(Clone, Copy)]
pub(crate) struct TooOften;

/// Says when to come again, in whole seconds of which there is at least one, and marks the answer.
pub(crate) fn come_again(wait: Duration, response: &mut Response<Body>) {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    response.extensions_mut().insert(TooOften);
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

//! A refusal comes in; the answer of our own interface goes out, as problem details (RFC 9457; R78).

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use serde_json::json;

use crate::refusal::Refusal;

/// Where each type of problem is told of.
const TYPES: &str = "https://github.com/wayfarer-rs/wayfarer/blob/main/docs/server.md#";

/// The refusal as problem details.
pub(crate) fn problem(refusal: &Refusal) -> Response<Body> {
    let status = refusal.status();
    let details = json!({
        "type": format!("{TYPES}{}", refusal.code()),
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": refusal.message(),
    });
    let mut response = Response::new(Body::from(details.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

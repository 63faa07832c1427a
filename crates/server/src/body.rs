//! A request's body comes in; its bytes go out if they are of the type asked for, few enough, and there in time (R80, R83, R84).

use axum::body::Body;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use serde_json::Value as Json;
use tokio::time::timeout;

use crate::form::{self, Parameters};
use crate::refusal::Refusal;
use crate::{Limits, json};

/// What a call of ours takes.
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Reads a body of JSON.
pub(crate) async fn read_json(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Json, Refusal> {
    json::read(&read(JSON, headers, body, limits).await?, limits)
}

/// Reads a form.
pub(crate) async fn read_form(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Parameters, Refusal> {
    form::read(&read(FORM, headers, body, limits).await?)
}

async fn read(wanted: &'static str, headers: &HeaderMap, mut body: Body, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    if !is_of_type(wanted, headers) || headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Refusal::MediaType(wanted));
    }
    let reading = async {
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Refusal::malformed("the body broke off"))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > limits.body_bytes {
                return Err(Refusal::TooLarge);
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes)
    };
    timeout(limits.body, reading).await.unwrap_or(Err(Refusal::Slow))
}

/// Exactly one type and nothing else beside it, except that it may say what holds anyway: UTF-8.
fn is_of_type(wanted: &str, headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(one), None) = (types.next(), types.next()) else { return false };
    let Ok(text) = one.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
    let charset = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    };
    named && parts.next().is_none_or(charset) && parts.next().is_none()
}

#[cfg(test)]
mod tests;

//! A call or an answer comes in; a line goes out in which secrets are masked, and codes but for their beginning.

use hyper::StatusCode;
use serde_json::{Map, Value as Json};

use super::call::{Answer, Body, Call, form};
use crate::output::style::{BAD, GOOD, NAME, QUIET, paint};

/// What only its receiver may read.
const SECRETS: [&str; 5] = ["access_token", "assertion_id", "client_secret", "sid", "token"];
/// What is told by voice anyway, and is worth nothing once it was used.
const CODES: [&str; 2] = ["code", "temp_code"];

/// A call, in two lines.
pub(super) fn call(call: &Call) -> [String; 2] {
    let body = match &call.body {
        Body::Form(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, masked(name, value))).collect();
            form(&fields)
        }
        Body::Json(body) => mask(body).to_string(),
    };
    [format!("{} {}", paint(NAME, "POST"), call.path), format!("  {}", paint(QUIET, body))]
}

/// An answer, in one line.
pub(super) fn answer(answer: &Answer) -> String {
    format!("{} {}", status(answer), mask(&answer.body))
}

/// An answer that was shown before.
pub(super) fn again(answer: &Answer, words: &str) -> String {
    format!("{} {}", status(answer), paint(QUIET, words))
}

fn status(answer: &Answer) -> String {
    let style = if answer.status == StatusCode::OK || answer.status == StatusCode::CREATED { GOOD } else { BAD };
    paint(style, answer.status.as_u16()).to_string()
}

fn mask(value: &Json) -> Json {
    match value {
        Json::Object(fields) => {
            Json::Object(fields.iter().map(|(name, value)| (name.clone(), field(name, value))).collect::<Map<_, _>>())
        }
        Json::Array(items) => items.iter().map(mask).collect(),
        other => other.clone(),
    }
}

fn field(name: &str, value: &Json) -> Json {
    match value {
        Json::String(text) => masked(name, text).into(),
        other => mask(other),
    }
}

/// A secret without all of itself; what is none, as it is.
fn masked(name: &str, text: &str) -> String {
    if SECRETS.contains(&name) {
        "…".to_owned()
    } else if CODES.contains(&name) {
        code(text)
    } else {
        text.to_owned()
    }
}

/// The first two digits of a code.
pub(super) fn code(code: &str) -> String {
    code.chars().enumerate().map(|(place, digit)| if place < 2 { digit } else { '•' }).collect()
}

#[cfg(test)]
mod tests;

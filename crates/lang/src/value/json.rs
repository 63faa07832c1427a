//! JSON comes in and becomes a value; a value goes out as JSON, unless a secret stands in it.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Value, path};
use crate::secret::MASK;

/// A secret was about to leave as plain data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a secret stands at `{path}`, and this is no place that accepts one")]
pub struct SecretInOutput {
    /// The way to the secret, as `tokens.list[0]`; empty for the whole.
    pub path: String,
}

impl From<Json> for Value {
    /// An integer over 64 bits becomes the nearest float, as in JavaScript.
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Self::Int(number),
                None => number.as_f64().filter(|number| number.is_finite()).map_or(Self::Null, Self::Float),
            },
            Json::String(text) => Self::Text(Arc::from(text)),
            Json::Array(items) => Self::Array(Arc::new(items.into_iter().map(Self::from).collect())),
            Json::Object(fields) => {
                let fields = fields.into_iter().map(|(key, value)| (Arc::from(key), Self::from(value)));
                Self::Object(Arc::new(fields.collect()))
            }
        }
    }
}

impl Value {
    /// The value as JSON.
    ///
    /// # Errors
    /// A secret stands in it; the error says where.
    pub fn to_json(&self) -> Result<Json, SecretInOutput> {
        self.json(|| Err(SecretInOutput { path: String::new() }))
    }

    /// The value as JSON, with `[secret]` in each secret's place: for people, never for programs.
    pub fn to_json_masked(&self) -> Json {
        self.json(|| Ok(Json::from(MASK))).unwrap_or_default()
    }

    fn json(&self, secret: fn() -> Result<Json, SecretInOutput>) -> Result<Json, SecretInOutput> {
        Ok(match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::from(*value),
            Self::Int(number) => Json::from(*number),
            Self::Float(number) => Json::from(*number),
            Self::Text(text) => Json::from(&**text),
            Self::Array(items) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    item.json(secret).map_err(|error| SecretInOutput { path: path::item(index, &error.path) })
                });
                Json::Array(items.collect::<Result<_, _>>()?)
            }
            Self::Object(fields) => {
                let fields = fields.iter().map(|(key, field)| match field.json(secret) {
                    Ok(json) => Ok((key.to_string(), json)),
                    Err(error) => Err(SecretInOutput { path: path::field(key, &error.path) }),
                });
                Json::Object(fields.collect::<Result<_, _>>()?)
            }
            Self::Secret(_) => secret()?,
        })
    }
}

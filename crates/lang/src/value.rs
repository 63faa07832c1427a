//! Data of any origin comes in; the one value of the language goes out: cheap to clone, and unable to show a secret.

mod de;
mod json;
pub(crate) mod path;
pub mod stored;

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use json::SecretInOutput;

use crate::Secret;

/// The fields of an object, in the order in which they were written.
pub type Object = IndexMap<Arc<str>, Value>;

/// A value of the expression language. A clone copies a pointer at most.
///
/// `==` is the language's own: `1 == 1.0`, objects are equal in any order, and a secret equals nothing, not even itself.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number; always finite.
    Float(f64),
    /// A text.
    Text(Arc<str>),
    /// A list.
    Array(Arc<Vec<Value>>),
    /// Named fields.
    Object(Arc<Object>),
    /// A value that only named sinks accept; never a secret within a secret.
    Secret(Secret<Arc<Value>>),
}

/// Data does not fit the shape that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", at(path))]
pub struct ValueError {
    /// The way to the field, as `address.lines[0]`; empty for the whole.
    pub path: String,
    /// What is wrong; it never holds the value itself.
    pub message: String,
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("`{path}`: ") }
}

impl Value {
    /// Makes a secret of a value; a secret stays as it is.
    #[must_use]
    pub fn into_secret(self) -> Self {
        match self {
            Self::Secret(_) => self,
            plain => Self::Secret(Secret::new(Arc::new(plain))),
        }
    }

    /// Takes what serialises as plain data.
    ///
    /// # Errors
    /// The data is not JSON-like (a map with keys that are no text, say) or holds an integer over 64 bits.
    pub fn from_serialize<T: Serialize + ?Sized>(data: &T) -> Result<Self, ValueError> {
        let json = serde_json::to_value(data)
            .map_err(|error| ValueError { path: String::new(), message: error.to_string() })?;
        Ok(Self::from(json))
    }

    /// Gives the data to a Rust type. A secret goes only into a [`Secret`] field, which takes a plain value too.
    ///
    /// # Errors
    /// The value does not fit; the error names the field and no value.
    pub fn deserialize_into<T: DeserializeOwned>(&self) -> Result<T, ValueError> {
        T::deserialize(de::Reader(self))
    }

    /// The type's name, as `@std.typeOf` says it; `secret` for a secret.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) | Self::Float(_) => "number",
            Self::Text(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
            Self::Secret(_) => "secret",
        }
    }

    /// The value as a condition: null, `false` and 0 are false; all else is true. `None` for a secret, which must not steer.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Bool(value) => Some(*value),
            Self::Int(number) => Some(*number != 0),
            Self::Float(number) => Some(*number != 0.0),
            Self::Text(_) | Self::Array(_) | Self::Object(_) => Some(true),
            Self::Secret(_) => None,
        }
    }

    /// The bytes that the value takes, roughly: its texts and keys, and 8 for each node.
    pub fn size(&self) -> usize {
        8 + match self {
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) => 0,
            Self::Text(text) => text.len(),
            Self::Array(items) => items.iter().map(Self::size).sum(),
            Self::Object(fields) => fields.iter().map(|(key, value)| key.len() + value.size()).sum(),
            Self::Secret(inner) => inner.expose().size(),
        }
    }

    /// Whether a secret stands anywhere in it.
    pub fn holds_secret(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::Array(items) => items.iter().any(Self::holds_secret),
            Self::Object(fields) => fields.values().any(Self::holds_secret),
            _ => false,
        }
    }

    /// The field of that name, if this is an object which has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.get(key),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if it is one; `2.0` is 2.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Float(number) => whole(*number),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The fields, if it is an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }
}

/// The integer that a float stands for exactly.
pub(crate) fn whole(number: f64) -> Option<i64> {
    // 2^63 is the first float beyond the range; -2^63 is the last within.
    const END: f64 = 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "the guard keeps it in range and whole")]
    (number.fract() == 0.0 && (-END..END).contains(&number)).then_some(number as i64)
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Int(a), Self::Float(b)) | (Self::Float(b), Self::Int(a)) => whole(*b) == Some(*a),
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            _ => false,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Arc::from(text))
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Self>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self::Array(Arc::new(items))
    }
}

impl From<Object> for Value {
    fn from(fields: Object) -> Self {
        Self::Object(Arc::new(fields))
    }
}

impl<V: Into<Self>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<&Secret<String>> for Value {
    fn from(secret: &Secret<String>) -> Self {
        Self::from(secret.expose().as_str()).into_secret()
    }
}

#[cfg(test)]
mod tests;

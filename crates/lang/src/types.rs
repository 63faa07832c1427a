//! The one type grammar of params, variables, outputs and form fields comes in; it accepts or refuses values, naming the place.

mod accept;
mod every;
mod field;
mod form;
mod format;
mod schema;

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::Value;

pub use field::{FIELD_KEYS, FIELD_WORDS, Field};
pub use format::Format;

/// What a type's word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TypeKind {
    /// A text.
    String,
    /// Any number.
    Number,
    /// A whole number of 64 bits.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A calendar day as text, `2026-11-23` (RFC 3339, full-date).
    Date,
    /// Named fields.
    Object,
    /// A list.
    Array,
    /// Anything, null included.
    Any,
}

/// A type, as it is written in a journey: one word, or a map with the word under `type` and what narrows it.
///
/// ```
/// use wayfarer_lang::{Type, Value};
///
/// let code: Type = serde_json::from_str(r#"{"type": "string", "max_length": 8, "secret": true}"#).unwrap();
/// assert!(code.accept(&Value::from("482913")).unwrap().holds_secret());
/// assert!(code.accept(&Value::from("much too long")).is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// The word.
    pub kind: TypeKind,
    /// The type of each item of an array.
    pub items: Option<Box<Type>>,
    /// The fields of an object; where given, no others are accepted.
    pub properties: Option<IndexMap<Arc<str>, Type>>,
    /// What a text is, beyond being a text.
    pub format: Option<Format>,
    /// The only values that are accepted.
    pub values: Option<Vec<Value>>,
    /// Whether a value must be given; without effect where there is a default.
    pub required: bool,
    /// What stands in when no value is given.
    pub default: Option<Value>,
    /// Whether an accepted value becomes a secret.
    pub secret: bool,
    /// Whether null is accepted.
    pub nullable: bool,
    /// The fewest characters of a text, or items of an array.
    pub min_length: Option<u32>,
    /// The most characters of a text, or items of an array.
    pub max_length: Option<u32>,
    /// The least number.
    pub minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// A sentence for people.
    pub description: Option<String>,
}

/// A value that a type does not accept, or a type that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", if path.is_empty() { String::new() } else { format!("`{path}`: ") })]
pub struct TypeError {
    /// The way to the place, as `address.lines[0]`; empty for the whole.
    pub path: String,
    /// What is wrong; it never holds the value itself.
    pub message: String,
}

impl TypeKind {
    /// All, in the order in which the book lists them.
    pub const ALL: [Self; 8] =
        [Self::String, Self::Number, Self::Integer, Self::Boolean, Self::Date, Self::Object, Self::Array, Self::Any];

    /// The word in a journey file.
    pub fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Object => "object",
            Self::Array => "array",
            Self::Any => "any",
        }
    }

    /// Whether a type of this kind may have that key of the type grammar.
    pub fn takes(self, key: &str) -> bool {
        match key {
            "items" => self == Self::Array,
            "properties" => self == Self::Object,
            "format" => self == Self::String,
            "min_length" | "max_length" => matches!(self, Self::String | Self::Array),
            "minimum" | "maximum" => matches!(self, Self::Number | Self::Integer),
            _ => true,
        }
    }

    /// The kind of that word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for TypeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl From<TypeKind> for Type {
    fn from(kind: TypeKind) -> Self {
        Self {
            kind,
            items: None,
            properties: None,
            format: None,
            values: None,
            required: true,
            default: None,
            secret: false,
            nullable: false,
            min_length: None,
            max_length: None,
            minimum: None,
            maximum: None,
            description: None,
        }
    }
}

impl Type {
    /// Any text.
    pub fn string() -> Self {
        TypeKind::String.into()
    }

    /// Any number.
    pub fn number() -> Self {
        TypeKind::Number.into()
    }

    /// Any whole number.
    pub fn integer() -> Self {
        TypeKind::Integer.into()
    }

    /// A boolean.
    pub fn boolean() -> Self {
        TypeKind::Boolean.into()
    }

    /// Anything.
    pub fn any() -> Self {
        TypeKind::Any.into()
    }

    /// Any object.
    pub fn object() -> Self {
        TypeKind::Object.into()
    }

    /// An object with these fields and no others.
    pub fn object_of<K: Into<Arc<str>>>(properties: impl IntoIterator<Item = (K, Self)>) -> Self {
        let properties = properties.into_iter().map(|(name, ty)| (name.into(), ty)).collect();
        Self { properties: Some(properties), ..Self::object() }
    }

    /// An array whose items are all of this type.
    pub fn array_of(items: Self) -> Self {
        Self { items: Some(Box::new(items)), ..TypeKind::Array.into() }
    }

    /// The same, kept as a secret.
    #[must_use]
    pub fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// The same, but it may be missing.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// The same, but it may be null.
    #[must_use]
    pub fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// Whether a value must be given: it is required and has no default.
    pub fn is_required(&self) -> bool {
        self.required && self.default.is_none()
    }
}

#[cfg(test)]
mod tests;

//! Types in the declarations of functions: a value comes in, whether a declared type takes it goes out, and each type in words.

use std::fmt::{self, Display, Formatter};

use super::super::pattern::Language;
use crate::Value;

/// A type in the declaration of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Null, and nothing else.
    Null,
    /// `true` or `false`
    Boolean,
    /// A whole number of 64 bits; `2.0` is one.
    Integer,
    /// Any number.
    Number,
    /// A text.
    String,
    /// A list; what its items are is no condition of the call, it is for checks.
    Array(&'static Self),
    /// Named fields.
    Object,
    /// Named fields that hold values of one type, which is for checks.
    Map(&'static Self),
    /// Any value but a secret; a lambda is none.
    Any,
    /// A type that the call itself settles: the same letter stands for the same type in the whole declaration.
    Item(char),
    /// One of several.
    Either(&'static [Self]),
    /// A secret.
    Secret(&'static Self),
    /// A lambda: what it is given, and what it must give.
    Lambda(&'static [Self], &'static Self),
}

impl Kind {
    /// Whether a call may be made with the value.
    pub(in crate::expr) fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Either(kinds), value) => kinds.iter().any(|kind| kind.takes(value)),
            (Self::Secret(kind), Value::Secret(inner)) => kind.takes(inner.expose()),
            (_, Value::Secret(_)) => false,
            (Self::Any | Self::Item(_), _)
            | (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Int(_) | Value::Float(_))
            | (Self::String, Value::Text(_))
            | (Self::Array(_), Value::Array(_))
            | (Self::Object | Self::Map(_), Value::Object(_)) => true,
            (Self::Integer, value) => value.as_int().is_some(),
            _ => false,
        }
    }

    /// Whether a call may be made with a lambda.
    pub(in crate::expr) fn takes_lambda(self) -> bool {
        match self {
            Self::Lambda(..) => true,
            Self::Either(kinds) => kinds.iter().any(|kind| kind.takes_lambda()),
            _ => false,
        }
    }

    /// Whether it may be a secret, or hold one by its declaration.
    pub fn has_secret(self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::Either(kinds) => kinds.iter().any(|kind| kind.has_secret()),
            Self::Array(kind) | Self::Map(kind) => kind.has_secret(),
            _ => false,
        }
    }

    /// Whether it can be no secret, and hold none.
    pub fn is_public(self) -> bool {
        !self.has_secret() && !matches!(self, Self::Any | Self::Item(_))
    }

    /// The word of the type itself, without what it holds.
    fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array(_) => "array",
            Self::Object | Self::Map(_) => "object",
            Self::Any | Self::Item(_) | Self::Either(_) => "any",
            Self::Secret(_) => "secret",
            Self::Lambda(..) => "lambda",
        }
    }

    /// The words of what it takes, as a message says them: `array or string`.
    pub(in crate::expr) fn words(self) -> String {
        match self {
            Self::Either(kinds) => kinds.iter().map(|kind| kind.words()).collect::<Vec<_>>().join(" or "),
            kind => kind.word().to_owned(),
        }
    }
}

/// The whole type, as the reference writes it: `array of T`, `(T) => any`, `number or null`.
impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Array(Self::Any) => f.write_str("array"),
            Self::Array(kind @ Self::Either(_)) => write!(f, "array of ({kind})"),
            Self::Array(kind) => write!(f, "array of {kind}"),
            Self::Map(kind) => write!(f, "object of {kind}"),
            Self::Item(letter) => write!(f, "{letter}"),
            Self::Either(kinds) => list(f, kinds, " or "),
            Self::Secret(kind) => write!(f, "secret {kind}"),
            Self::Lambda(takes, gives) => {
                f.write_str("(")?;
                list(f, takes, ", ")?;
                write!(f, ") => {gives}")
            }
            kind => f.write_str(kind.word()),
        }
    }
}

fn list(f: &mut Formatter<'_>, kinds: &[Kind], between: &str) -> fmt::Result {
    for (index, kind) in kinds.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write!(f, "{kind}")?;
    }
    Ok(())
}

/// What a function takes at one place.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in the reference.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may be left out; only the last may.
    pub optional: bool,
    /// The language of a pattern: such an argument is a text that is written out, and is compiled at load.
    pub pattern: Option<Language>,
}

/// A parameter that must be given.
pub(super) const fn one(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind, optional: false, pattern: None }
}

/// A parameter that may be left out.
pub(super) const fn maybe(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind, optional: true, pattern: None }
}

/// A pattern, which must be written out.
pub(super) const fn pattern(name: &'static str, language: Language) -> Parameter {
    Parameter { name, kind: Kind::String, optional: false, pattern: Some(language) }
}

#[cfg(test)]
mod tests;

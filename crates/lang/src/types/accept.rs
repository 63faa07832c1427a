//! A type and a value come in; the value goes out in its normal form (defaults filled in, secrets wrapped), or a refusal does.

use std::sync::Arc;

use super::{Type, TypeError, TypeKind};
use crate::Value;
use crate::value::{Object, path};

impl Type {
    /// Takes an input value: checks it, fills in defaults, wraps what is secret, and makes `2.0` the integer 2.
    ///
    /// # Errors
    /// The value does not fit. The error names the place and never holds the value.
    pub fn accept(&self, value: &Value) -> Result<Value, TypeError> {
        let plain = match value {
            Value::Secret(inner) if self.secret => inner.expose(),
            Value::Secret(_) => return Err(refuse("a secret is not accepted here")),
            plain => plain,
        };
        if matches!(plain, Value::Null) && (self.nullable || self.kind == TypeKind::Any) {
            return Ok(Value::Null);
        }
        let accepted = self.accept_kind(plain)?;
        if self.values.as_ref().is_some_and(|values| !values.contains(&accepted)) {
            return Err(refuse("this is none of the values that are allowed here"));
        }
        Ok(if self.secret { accepted.into_secret() } else { accepted })
    }

    /// Looks for contradictions in the type itself: a default or a value that it would refuse, limits that cross or have no meaning here.
    ///
    /// # Errors
    /// The first contradiction, with its place.
    pub fn validate(&self) -> Result<(), TypeError> {
        let at = |key: &str, message: &str| Err(TypeError { path: key.to_owned(), message: message.to_owned() });
        let sized = matches!(self.kind, TypeKind::String | TypeKind::Array);
        let numeric = matches!(self.kind, TypeKind::Number | TypeKind::Integer);
        if self.items.is_some() && self.kind != TypeKind::Array {
            return at("items", "only an `array` has items");
        }
        if self.properties.is_some() && self.kind != TypeKind::Object {
            return at("properties", "only an `object` has properties");
        }
        if self.format.is_some() && self.kind != TypeKind::String {
            return at("format", "only a `string` has a format");
        }
        if (self.min_length.is_some() || self.max_length.is_some()) && !sized {
            return at("type", "only a `string` or an `array` has a length");
        }
        if (self.minimum.is_some() || self.maximum.is_some()) && !numeric {
            return at("type", "only a `number` or an `integer` has a minimum or a maximum");
        }
        if matches!((self.min_length, self.max_length), (Some(least), Some(most)) if least > most) {
            return at("min_length", "`min_length` is greater than `max_length`");
        }
        if matches!((self.minimum, self.maximum), (Some(least), Some(most)) if least > most) {
            return at("minimum", "`minimum` is greater than `maximum`");
        }
        if let Some(values) = &self.values {
            if values.is_empty() {
                return at("values", "at least one value must be allowed");
            }
            let bare = Self { values: None, secret: false, ..self.clone() };
            for (index, value) in values.iter().enumerate() {
                let below = |error: TypeError| TypeError {
                    path: path::field("values", &path::item(index, &error.path)),
                    ..error
                };
                bare.accept(value).map_err(below)?;
            }
        }
        if let Some(default) = &self.default {
            self.accept(default).map_err(|error| TypeError { path: path::field("default", &error.path), ..error })?;
        }
        if let Some(items) = &self.items {
            items.validate().map_err(|error| TypeError { path: path::field("items", &error.path), ..error })?;
        }
        for (name, ty) in self.properties.iter().flatten() {
            let below = |error: TypeError| TypeError {
                path: path::field("properties", &path::field(name, &error.path)),
                ..error
            };
            ty.validate().map_err(below)?;
        }
        Ok(())
    }

    fn accept_kind(&self, value: &Value) -> Result<Value, TypeError> {
        match (self.kind, value) {
            (TypeKind::Any, value) => Ok(value.clone()),
            (TypeKind::String, Value::Text(text)) => {
                let Some(format) = self.format else {
                    self.check_length(|| text.chars().count(), "characters")?;
                    return Ok(value.clone());
                };
                let text = format.accept(text).map_err(refuse)?;
                self.check_length(|| text.chars().count(), "characters")?;
                Ok(Value::from(text))
            }
            (TypeKind::Date, Value::Text(text)) if is_date(text) => Ok(value.clone()),
            (TypeKind::Date, Value::Text(_)) => Err(refuse("expected a date such as `2026-11-23`")),
            (TypeKind::Boolean, Value::Bool(_)) => Ok(value.clone()),
            (TypeKind::Number | TypeKind::Integer, Value::Int(_) | Value::Float(_)) => self.accept_number(value),
            (TypeKind::Array, Value::Array(items)) => {
                self.check_length(|| items.len(), "items")?;
                let Some(ty) = &self.items else { return Ok(value.clone()) };
                let items = items.iter().enumerate().map(|(index, item)| {
                    ty.accept(item).map_err(|error| TypeError { path: path::item(index, &error.path), ..error })
                });
                Ok(Value::from(items.collect::<Result<Vec<_>, _>>()?))
            }
            (TypeKind::Object, Value::Object(fields)) => match &self.properties {
                None => Ok(value.clone()),
                Some(properties) => {
                    if let Some(name) = fields.keys().find(|name| !properties.contains_key(*name)) {
                        return Err(TypeError { path: name.to_string(), message: "there is no such field".to_owned() });
                    }
                    accept_fields(properties, fields)
                }
            },
            (kind, value) => Err(refuse(format!("expected {}, found {}", kind.a(), a(value)))),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a limit is a float; the nearest one is what the author wrote")]
    fn accept_number(&self, value: &Value) -> Result<Value, TypeError> {
        let (number, value) = match (self.kind, value) {
            (TypeKind::Integer, value) => {
                let whole = value.as_int().ok_or_else(|| refuse("expected a whole number"))?;
                (whole as f64, Value::Int(whole))
            }
            (_, Value::Int(number)) => (*number as f64, value.clone()),
            (_, Value::Float(number)) => (*number, value.clone()),
            _ => return Err(refuse("expected a number")),
        };
        if let Some(least) = self.minimum.filter(|least| number < *least) {
            return Err(refuse(format!("must be at least {least}")));
        }
        if let Some(most) = self.maximum.filter(|most| number > *most) {
            return Err(refuse(format!("must be at most {most}")));
        }
        Ok(value)
    }

    /// Characters are counted only where their number matters.
    fn check_length(&self, length: impl FnOnce() -> usize, unit: &str) -> Result<(), TypeError> {
        if self.min_length.is_none() && self.max_length.is_none() {
            return Ok(());
        }
        let length = length();
        if let Some(least) = self.min_length.filter(|least| length < *least as usize) {
            return Err(refuse(format!("must have at least {least} {unit}")));
        }
        if let Some(most) = self.max_length.filter(|most| length > *most as usize) {
            return Err(refuse(format!("must have at most {most} {unit}")));
        }
        Ok(())
    }
}

fn accept_fields(properties: &indexmap::IndexMap<Arc<str>, Type>, fields: &Object) -> Result<Value, TypeError> {
    let mut accepted = Object::with_capacity(properties.len());
    for (name, ty) in properties {
        let value = match (fields.get(name), &ty.default) {
            (Some(given), _) => given,
            (None, Some(default)) => default,
            (None, None) if ty.required => {
                return Err(TypeError { path: name.to_string(), message: "this field is missing".to_owned() });
            }
            (None, None) => continue,
        };
        let value = ty.accept(value).map_err(|error| TypeError { path: path::field(name, &error.path), ..error })?;
        accepted.insert(Arc::clone(name), value);
    }
    Ok(Value::from(accepted))
}

impl TypeKind {
    fn a(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Integer => "an integer",
            Self::Boolean => "a boolean",
            Self::Date => "a date",
            Self::Object => "an object",
            Self::Array => "an array",
            Self::Any => "anything",
        }
    }
}

fn a(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Int(_) | Value::Float(_) => "a number",
        Value::Text(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
        Value::Secret(_) => "a secret",
    }
}

fn refuse(message: impl Into<String>) -> TypeError {
    TypeError { path: String::new(), message: message.into() }
}

fn is_date(text: &str) -> bool {
    // The parser takes more forms than RFC 3339's full-date; the length leaves this one.
    text.len() == 10 && text.as_bytes().get(4) == Some(&b'-') && text.parse::<jiff::civil::Date>().is_ok()
}

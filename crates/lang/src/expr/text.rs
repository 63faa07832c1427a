//! A value comes in; its text or its number goes out, by the string and number columns of the coercion table.

use std::fmt::Write;

use super::MAX_SIZE;
use super::error::{EvalCode, Outcome, fault};
use crate::Value;
use crate::value::whole;

/// Appends a value as text: `null`, `true`, decimal text, JSON text.
pub(super) fn append(value: &Value, out: &mut String) -> Outcome<()> {
    if let Value::Text(text) = value { push(text, out) } else { json(value, out) }
}

/// Appends a value as JSON text.
pub(super) fn json(value: &Value, out: &mut String) -> Outcome<()> {
    match value {
        Value::Null => push("null", out),
        Value::Bool(true) => push("true", out),
        Value::Bool(false) => push("false", out),
        Value::Int(number) => push(&number.to_string(), out),
        Value::Float(number) => push(&decimal(*number), out),
        Value::Text(text) => push(&serde_json::Value::from(&**text).to_string(), out),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                push(if index == 0 { "[" } else { "," }, out)?;
                json(item, out)?;
            }
            push(if items.is_empty() { "[]" } else { "]" }, out)
        }
        Value::Object(fields) => {
            for (index, (key, field)) in fields.iter().enumerate() {
                push(if index == 0 { "{" } else { "," }, out)?;
                push(&serde_json::Value::from(&**key).to_string(), out)?;
                push(":", out)?;
                json(field, out)?;
            }
            push(if fields.is_empty() { "{}" } else { "}" }, out)
        }
        Value::Secret(_) => fault(EvalCode::SecretUse, "a secret never becomes text"),
    }
}

pub(super) fn push(text: &str, out: &mut String) -> Outcome<()> {
    if out.len() + text.len() > MAX_SIZE {
        return fault(EvalCode::TooLarge, "a text grew over 256 KiB");
    }
    out.push_str(text);
    Ok(())
}

/// A float as text: `2` for 2.0, since the two are equal; an exponent where the digits would not fit a line.
fn decimal(number: f64) -> String {
    if let Some(whole) = whole(number) {
        return whole.to_string();
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = match number.abs() {
        1e-6..1e21 => write!(text, "{number}"),
        _ => write!(text, "{number:e}"),
    };
    text
}

/// A number of either kind.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    #[expect(
        clippy::cast_precision_loss,
        reason = "an integer beside a float becomes the nearest float, as in JavaScript"
    )]
    pub(super) fn float(self) -> f64 {
        match self {
            Self::Int(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

/// A value as a number: a boolean is 1 or 0, a text is parsed, all else is an error.
pub(super) fn number(value: &Value) -> Outcome<Number> {
    match value {
        Value::Int(number) => Ok(Number::Int(*number)),
        Value::Float(number) => Ok(Number::Float(*number)),
        Value::Bool(value) => Ok(Number::Int(i64::from(*value))),
        Value::Text(text) => parse(text),
        Value::Secret(_) => fault(EvalCode::SecretUse, "a secret is no number to calculate with"),
        Value::Null => fault(EvalCode::NotANumber, "null is no number"),
        Value::Array(_) => fault(EvalCode::NotANumber, "an array is no number"),
        Value::Object(_) => fault(EvalCode::NotANumber, "an object is no number"),
    }
}

/// Reads `-1.5e3`: what the language itself writes, with a sign, and nothing around it.
fn parse(text: &str) -> Outcome<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let starts = digits.starts_with(|c: char| c.is_ascii_digit());
    if starts && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.parse() {
            Ok(number) => Ok(Number::Int(number)),
            Err(_) => fault(EvalCode::Overflow, "this text is a whole number of more than 64 bits"),
        };
    }
    let fraction = digits.split_once('.').is_none_or(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    match text.parse::<f64>() {
        Ok(number) if starts && fraction && number.is_finite() => Ok(Number::Float(number)),
        Ok(number) if starts && fraction && number.is_infinite() => {
            fault(EvalCode::Overflow, "this text is a number that is too large")
        }
        _ => fault(EvalCode::NotANumber, "this text is no number"),
    }
}

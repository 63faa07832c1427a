//! The arguments of a call come in; each as the type that its declaration promises goes out.

use std::rc::Rc;
use std::sync::Arc;

use super::super::MAX_SIZE;
use super::super::error::{EvalCode, Outcome, fault};
use super::super::eval::{Closure, Evaluated, Machine};
use super::super::pattern::{Path, Pattern};
use super::super::text::{self, Number};
use crate::Value;
use crate::value::Object;

/// What a call was given; the evaluator has checked that each is there and of its declared type.
pub(super) type Arguments<'v, 'a> = &'v [Evaluated<'a>];

/// The argument at that place; null where it was left out.
pub(super) fn value<'v>(arguments: Arguments<'v, '_>, index: usize) -> Outcome<&'v Value> {
    arguments.get(index).map_or(Ok(&Value::Null), Evaluated::value)
}

/// The argument, unless it was left out.
pub(super) fn given<'v>(arguments: Arguments<'v, '_>, index: usize) -> Outcome<Option<&'v Value>> {
    arguments.get(index).map(Evaluated::value).transpose()
}

/// A text.
pub(super) fn text<'v>(arguments: Arguments<'v, '_>, index: usize) -> Outcome<&'v str> {
    Ok(value(arguments, index)?.as_text().unwrap_or_default())
}

/// A text, or another where it was left out.
pub(super) fn text_or<'v>(arguments: Arguments<'v, '_>, index: usize, other: &'v str) -> Outcome<&'v str> {
    Ok(given(arguments, index)?.and_then(Value::as_text).unwrap_or(other))
}

/// The items of an array.
pub(super) fn items<'v>(arguments: Arguments<'v, '_>, index: usize) -> Outcome<&'v [Value]> {
    Ok(value(arguments, index)?.as_array().unwrap_or_default())
}

/// The fields of an object.
pub(super) fn fields<'v>(
    arguments: Arguments<'v, '_>,
    index: usize,
) -> Outcome<impl Iterator<Item = (&'v Arc<str>, &'v Value)>> {
    Ok(value(arguments, index)?.as_object().into_iter().flatten())
}

/// A whole number.
pub(super) fn whole(arguments: Arguments<'_, '_>, index: usize) -> Outcome<i64> {
    Ok(value(arguments, index)?.as_int().unwrap_or_default())
}

/// A whole number of a range, or another where it was left out.
pub(super) fn within(
    arguments: Arguments<'_, '_>,
    index: usize,
    name: &str,
    range: std::ops::RangeInclusive<usize>,
    other: usize,
) -> Outcome<usize> {
    let Some(value) = given(arguments, index)? else { return Ok(other) };
    match value.as_int().and_then(|number| usize::try_from(number).ok()).filter(|number| range.contains(number)) {
        Some(number) => Ok(number),
        None => {
            let message = format!("`{name}` is a whole number from {} to {}", range.start(), range.end());
            fault(EvalCode::BadArgument, message)
        }
    }
}

/// A number, or a text that is one.
pub(super) fn number(arguments: Arguments<'_, '_>, index: usize) -> Outcome<Number> {
    text::number(value(arguments, index)?)
}

/// A lambda.
pub(super) fn lambda<'v, 'a>(arguments: Arguments<'v, 'a>, index: usize) -> Outcome<&'v Rc<Closure<'a>>> {
    match arguments.get(index) {
        Some(Evaluated::Lambda(closure)) => Ok(closure),
        _ => fault(EvalCode::NotALambda, "a lambda is needed here"),
    }
}

/// A regular expression.
pub(super) fn regex<'a>(arguments: Arguments<'_, 'a>, index: usize) -> Outcome<&'a regex::Regex> {
    match arguments.get(index) {
        Some(Evaluated::Pattern(Pattern::Regex(regex))) => Ok(regex),
        _ => fault(EvalCode::BadArgument, "a regular expression is needed here"),
    }
}

/// A JSONPath.
pub(super) fn path<'a>(arguments: Arguments<'_, 'a>, index: usize) -> Outcome<&'a Path> {
    match arguments.get(index) {
        Some(Evaluated::Pattern(Pattern::Path(path))) => Ok(path),
        _ => fault(EvalCode::BadArgument, "a JSONPath is needed here"),
    }
}

/// A text that may be secret; what is made of it then is one, too.
#[derive(Clone, Copy)]
pub(super) struct Carried<'v> {
    pub(super) text: &'v str,
    secret: bool,
}

/// A text that may be secret.
pub(super) fn carried<'v>(arguments: Arguments<'v, '_>, index: usize) -> Outcome<Carried<'v>> {
    Ok(match value(arguments, index)? {
        Value::Secret(inner) => Carried { text: inner.expose().as_text().unwrap_or_default(), secret: true },
        plain => Carried { text: plain.as_text().unwrap_or_default(), secret: false },
    })
}

impl Carried<'_> {
    /// Whether it is secret.
    pub(super) fn is_secret(self) -> bool {
        self.secret
    }

    /// What was made of it.
    pub(super) fn give<'a>(self, machine: &mut Machine<'_, 'a>, text: String) -> Outcome<Evaluated<'a>> {
        let value = admit_text(machine, text)?;
        Ok(if self.secret { value.into_secret() } else { value }.into())
    }
}

/// A new text, if it is within its limit.
pub(super) fn give<'a>(machine: &mut Machine<'_, 'a>, text: String) -> Outcome<Evaluated<'a>> {
    admit_text(machine, text).map(Evaluated::Owned)
}

fn admit_text(machine: &mut Machine<'_, '_>, text: String) -> Outcome<Value> {
    machine.charge(text.len() / 1024)?;
    fits(text.len())?;
    Ok(Value::from(text))
}

/// Refuses to make a text of so many bytes, if they are too many.
pub(super) fn fits(bytes: usize) -> Outcome<()> {
    if bytes > MAX_SIZE {
        return fault(EvalCode::TooLarge, "a text grew over 256 KiB");
    }
    Ok(())
}

/// A length or place as a value.
pub(super) fn count(length: usize) -> Value {
    Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
}

/// A float that a calculation gave, as a value: it is finite, or the calculation has failed.
pub(super) fn finite(number: f64) -> Outcome<Value> {
    if number.is_nan() {
        return fault(EvalCode::BadArgument, "this has no result for such a number");
    }
    if number.is_infinite() {
        return fault(EvalCode::Overflow, "the result is too large for a number");
    }
    Ok(Value::Float(number))
}

/// An object with these fields.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::from(fields.into_iter().map(|(key, value)| (Arc::from(key), value)).collect::<Object>())
}

//! A base and its steps come in; the field or item at the end goes out, borrowed while the base is.

use super::super::code::{Key, Node, Step};
use super::super::error::{At, EvalCode, Outcome, fault};
use super::{Evaluated, Machine};
use crate::Value;
use crate::value::Object;

impl<'a> Machine<'_, 'a> {
    pub(super) fn path(&mut self, base: &'a Node, steps: &'a [Step]) -> Outcome<Evaluated<'a>> {
        let mut current = self.eval(base)?;
        let mut span = base.span;
        for step in steps {
            span = span.cover(step.span);
            current = match &step.key {
                Key::Field(name) => pick(&current, |value| field(value, name, step.safe)).at(span)?,
                Key::Index(node) => {
                    let index = self.eval(node)?;
                    let index = index.value().at(node.span)?;
                    pick(&current, |value| item(value, index, step.safe)).at(span)?
                }
            };
        }
        Ok(current)
    }
}

/// Takes a part of a value: borrowed of a borrowed one, else a cheap clone.
fn pick<'a>(
    base: &Evaluated<'a>,
    part: impl for<'v> Fn(&'v Value) -> Outcome<Option<&'v Value>>,
) -> Outcome<Evaluated<'a>> {
    Ok(match base {
        Evaluated::Borrowed(value) => part(value)?.map_or(Evaluated::Owned(Value::Null), Evaluated::Borrowed),
        Evaluated::Owned(value) => part(value)?.cloned().unwrap_or_default().into(),
        Evaluated::Lambda(_) | Evaluated::Pattern(_) => return base.value().cloned().map(Evaluated::Owned),
    })
}

/// The end of a path of plain fields, where each of them is there.
pub(super) fn direct<'a>(base: &'a Value, steps: &[Step]) -> Option<&'a Value> {
    steps.iter().try_fold(base, |value, step| match (value, &step.key) {
        (Value::Object(fields), Key::Field(name)) => find(fields, name),
        _ => None,
    })
}

/// Looks a field up; in a small object it is faster to look at each name than to hash one.
fn find<'v>(fields: &'v Object, name: &str) -> Option<&'v Value> {
    const SMALL: usize = 8;
    if fields.len() > SMALL {
        return fields.get(name);
    }
    fields.iter().find(|(key, _)| &***key == name).map(|(_, value)| value)
}

fn field<'v>(value: &'v Value, name: &str, safe: bool) -> Outcome<Option<&'v Value>> {
    match value {
        Value::Object(fields) => Ok(find(fields, name)),
        other => nothing(other, safe),
    }
}

fn item<'v>(value: &'v Value, index: &Value, safe: bool) -> Outcome<Option<&'v Value>> {
    match (value, index) {
        (_, Value::Secret(_)) => fault(EvalCode::SecretUse, "a secret is no index"),
        (Value::Object(fields), Value::Text(name)) => Ok(find(fields, name)),
        (Value::Object(_), _) => fault(EvalCode::BadIndex, "a field of an object is named by a string"),
        (Value::Array(_), Value::Text(_)) => nothing(value, safe),
        (Value::Array(items), index) => match index.as_int().map(usize::try_from) {
            Some(Ok(index)) => Ok(items.get(index)),
            _ => fault(EvalCode::BadIndex, "an item of an array is numbered by a whole number from 0 on"),
        },
        (other, _) => nothing(other, safe),
    }
}

/// What has no fields gives null to `?.` and an error to `.`; a secret always gives an error.
fn nothing<'v>(value: &Value, safe: bool) -> Outcome<Option<&'v Value>> {
    match value {
        Value::Secret(_) => fault(EvalCode::SecretUse, "a secret has no fields to read"),
        _ if safe => Ok(None),
        Value::Null => fault(EvalCode::NullAccess, "null has no fields"),
        other => fault(EvalCode::NoFields, format!("a {} has no such field", other.type_name())),
    }
}

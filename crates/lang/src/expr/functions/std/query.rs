//! A value and a JSONPath come in; what the path finds in the value goes out.

use super::super::super::error::{EvalCode, Fault, Outcome, fault};
use super::super::super::eval::{Evaluated, Machine};
use super::super::super::pattern::Language;
use super::super::argument::{Arguments, path, value};
use super::super::signature::pattern;
use super::super::{Function, Kind, Purity, one};
use crate::Value;

pub(in super::super) static JSON_PATH: Function = Function {
    namespace: "std",
    name: "jsonPath",
    parameters: &[one("value", Kind::Any), pattern("path", Language::JsonPath)],
    returns: Kind::Array(&Kind::Any),
    errors: &[EvalCode::SecretUse],
    purity: Purity::Pure,
    doc: "All that a JSONPath (RFC 9535, without `match` and `search`) finds in a value, in order; an empty array where it finds nothing.",
    example: ("@std.jsonPath({a: [{b: 1}, {b: 2}]}, \"$.a[?@.b > 1].b\")", "[2]"),
    call: find,
};

/// The work is paid for before it is done, at the most that it can be.
pub(in super::super) fn find<'a>(
    machine: &mut Machine<'_, 'a>,
    arguments: Arguments<'_, 'a>,
) -> Outcome<Evaluated<'a>> {
    let (value, path) = (value(arguments, 0)?, path(arguments, 1)?);
    let shape = Shape::of(value, 64)?;
    let below = shape.depth.saturating_pow(path.descents);
    let again = shape.nodes.saturating_pow(path.restarts);
    let splits = 2_usize.saturating_pow(path.splits);
    let steps = [below, again, splits].into_iter().fold(shape.nodes, usize::saturating_mul);
    machine.charge(steps / 16 + 1)?;
    let Ok(json) = value.to_json() else { return fault(EvalCode::SecretUse, "a secret is not looked through") };
    let found = path.path.query(&json).into_iter().cloned().map(Value::from).collect::<Vec<_>>();
    machine.admit(Value::from(found))
}

struct Shape {
    nodes: usize,
    depth: usize,
}

impl Shape {
    fn of(value: &Value, below: usize) -> Outcome<Self> {
        let Some(below) = below.checked_sub(1) else {
            return fault(EvalCode::TooDeep, "the value is nested too deeply");
        };
        let mut shape = Self { nodes: 1, depth: 1 };
        let mut add = |value: &Value| {
            let part = Self::of(value, below)?;
            shape = Self { nodes: shape.nodes + part.nodes, depth: shape.depth.max(part.depth + 1) };
            Ok::<(), Box<Fault>>(())
        };
        match value {
            Value::Array(items) => items.iter().try_for_each(&mut add)?,
            Value::Object(fields) => fields.values().try_for_each(&mut add)?,
            _ => {}
        }
        Ok(shape)
    }
}

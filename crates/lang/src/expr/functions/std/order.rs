//! Lists come in; their items in order, and each only once, go out.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use super::super::super::error::{EvalCode, Outcome, fault};
use super::super::super::eval::Machine;
use super::super::super::operator;
use super::super::argument::{items, lambda};
use super::super::{Function, Kind, Purity, maybe};
use super::{LIST, T};
use crate::Value;
use crate::value::whole;

pub(in super::super) static DISTINCT: Function = Function {
    namespace: "std",
    name: "distinct",
    parameters: &[LIST],
    returns: Kind::Array(&T),
    errors: &[EvalCode::SecretUse],
    purity: Purity::Pure,
    doc: "The items without those that are equal to an earlier one.",
    example: ("@std.distinct([1, 2, 1.0, \"1\"])", "[1, 2, \"1\"]"),
    call: |machine, arguments| {
        let mut seen = HashSet::new();
        let mut kept: Vec<Value> = Vec::new();
        let mut nested: Vec<Value> = Vec::new();
        for item in items(arguments, 0)? {
            let is_new = match Plain::of(item)? {
                Some(plain) => seen.insert(plain),
                // Only arrays and objects have to be compared with each other.
                None => is_new(machine, &nested, item)?,
            };
            if is_new {
                kept.push(item.clone());
                if matches!(item, Value::Array(_) | Value::Object(_)) {
                    nested.push(item.clone());
                }
            }
        }
        machine.admit(Value::from(kept))
    },
};

pub(in super::super) static SORT: Function = Function {
    namespace: "std",
    name: "sort",
    parameters: &[LIST, maybe("by", Kind::Lambda(&[T], &Kind::Either(&[Kind::Number, Kind::String])))],
    returns: Kind::Array(&T),
    errors: &[EvalCode::SecretUse],
    purity: Purity::Pure,
    doc: "The items in rising order: numbers by size, strings by their characters' numbers. With `by` they are ordered by what it \
          gives for each. Equal ones stay in their order. All must be numbers, or all strings.",
    example: ("@std.sort([{n: 2}, {n: 1}], (item) => item.n)", "[{\"n\": 1}, {\"n\": 2}]"),
    call: |machine, arguments| {
        let mut keyed = Vec::new();
        for item in items(arguments, 0)? {
            let key = match arguments.len() {
                1 => item.clone(),
                _ => machine.apply(lambda(arguments, 1)?, vec![item.clone().into()])?.into_value()?,
            };
            keyed.push((key, item));
        }
        one_kind(keyed.iter().map(|(key, _)| key))?;
        let depth = usize::try_from(keyed.len().max(1).ilog2()).unwrap_or_default() + 1;
        machine.charge(keyed.len().saturating_mul(depth) / 32)?;
        // Of one kind they can always be compared.
        keyed.sort_by(|(left, _), (right, _)| operator::compare(left, right).unwrap_or(Ordering::Equal));
        machine.admit(Value::from(keyed.into_iter().map(|(_, item)| item.clone()).collect::<Vec<_>>()))
    },
};

/// A value that is equal to another exactly if these are.
#[derive(PartialEq, Eq, Hash)]
enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    Float(u64),
    Text(Arc<str>),
}

impl Plain {
    fn of(value: &Value) -> Outcome<Option<Self>> {
        Ok(match value {
            Value::Null => Some(Self::Null),
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Int(number) => Some(Self::Int(*number)),
            Value::Float(number) => Some(whole(*number).map_or_else(|| Self::Float(number.to_bits()), Self::Int)),
            Value::Text(text) => Some(Self::Text(Arc::clone(text))),
            Value::Array(_) | Value::Object(_) => None,
            Value::Secret(_) => return fault(EvalCode::SecretUse, "a secret is not compared with others"),
        })
    }
}

fn is_new(machine: &mut Machine<'_, '_>, seen: &[Value], item: &Value) -> Outcome<bool> {
    machine.charge(seen.len() / 16)?;
    for other in seen {
        if machine.equal(other, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn one_kind<'v>(keys: impl Iterator<Item = &'v Value>) -> Outcome<()> {
    let mut kind = None;
    for key in keys {
        match key {
            Value::Int(_) | Value::Float(_) | Value::Text(_) => {}
            Value::Secret(_) => return fault(EvalCode::SecretUse, "a secret has no place in an order"),
            other => return fault(EvalCode::BadArgument, format!("a {} has no place in an order", other.type_name())),
        }
        if *kind.get_or_insert_with(|| key.type_name()) != key.type_name() {
            return fault(EvalCode::BadArgument, "numbers and strings have no order among each other");
        }
    }
    Ok(())
}

//! Arguments of `@std` functions come in; their values go out.

use ::std::cmp::Ordering;
use ::std::rc::Rc;

use super::super::error::{EvalCode, Outcome, fault};
use super::super::eval::{Closure, Evaluated, Machine};
use super::super::operator;
use super::{Function, Kind, Parameter, Purity, maybe, one};
use crate::Value;

const SIZED: Kind = Kind::Either(&[Kind::Array(&Kind::Any), Kind::String, Kind::Object]);
const T: Kind = Kind::Item('T');
const U: Kind = Kind::Item('U');

pub(super) static CONTAINS: Function = Function {
    namespace: "std",
    name: "contains",
    parameters: &[one("in", SIZED), one("what", Kind::Any)],
    returns: Kind::Boolean,
    errors: &[],
    purity: Purity::Pure,
    doc: "Whether an array holds an item equal to `what`, a string holds the string `what`, or an object has the key `what`.",
    example: ("@std.contains([\"a\", \"b\"], \"b\")", "true"),
    call: |machine, arguments| {
        let found = match (value(arguments, 0)?, value(arguments, 1)?) {
            (Value::Array(items), what) => return contains_item(machine, items, what),
            (Value::Text(text), Value::Text(what)) => {
                machine.charge(text.len() / 1024)?;
                text.contains(&**what)
            }
            (Value::Object(fields), Value::Text(key)) => fields.contains_key(&**key),
            _ => return fault(EvalCode::BadArgument, "`what` must be a string, for only an array holds other values"),
        };
        Ok(Value::Bool(found).into())
    },
};

pub(super) static FILTER: Function = Function {
    namespace: "std",
    name: "filter",
    parameters: &[LIST, one("keep", Kind::Lambda(&[T], &Kind::Any))],
    returns: Kind::Array(&T),
    errors: &[],
    purity: Purity::Pure,
    doc: "The items for which `keep` gives a true value, in their order.",
    example: ("@std.filter([1, 2, 3], (n) => n > 1)", "[2, 3]"),
    call: |machine, arguments| {
        let keep = lambda(arguments, 1)?;
        let mut kept = Vec::new();
        for item in items(arguments)? {
            let answer = machine.apply(keep, vec![item.clone().into()])?;
            if operator::truth(answer.value()?)? {
                kept.push(item.clone());
            }
        }
        machine.admit(Value::from(kept))
    },
};

pub(super) static KEYS: Function = Function {
    namespace: "std",
    name: "keys",
    parameters: &[one("object", Kind::Object)],
    returns: Kind::Array(&Kind::String),
    errors: &[],
    purity: Purity::Pure,
    doc: "The keys of an object, in the order in which they were written.",
    example: ("@std.keys({b: 1, a: 2})", "[\"b\", \"a\"]"),
    call: |machine, arguments| {
        let fields = value(arguments, 0)?.as_object().into_iter().flatten();
        machine.admit(Value::from(fields.map(|(key, _)| Value::Text(key.clone())).collect::<Vec<_>>()))
    },
};

pub(super) static LEN: Function = Function {
    namespace: "std",
    name: "len",
    parameters: &[one("of", SIZED)],
    returns: Kind::Integer,
    errors: &[],
    purity: Purity::Pure,
    doc: "How many items an array has, characters a string, or keys an object. `@len(x)` is the same.",
    example: ("@len([1, 2, 3])", "3"),
    call: |machine, arguments| {
        let length = match value(arguments, 0)? {
            Value::Array(items) => items.len(),
            Value::Object(fields) => fields.len(),
            Value::Text(text) => {
                machine.charge(text.len() / 1024)?;
                text.chars().count()
            }
            _ => 0,
        };
        Ok(count(length).into())
    },
};

pub(super) static MAP: Function = Function {
    namespace: "std",
    name: "map",
    parameters: &[LIST, one("make", Kind::Lambda(&[T], &U))],
    returns: Kind::Array(&U),
    errors: &[],
    purity: Purity::Pure,
    doc: "What `make` gives for each item, in their order.",
    example: ("@std.map([1, 2], (n) => n * 10)", "[10, 20]"),
    call: |machine, arguments| {
        let make = lambda(arguments, 1)?;
        let mut made = Vec::new();
        for item in items(arguments)? {
            made.push(machine.apply(make, vec![item.clone().into()])?.into_value()?);
        }
        machine.admit(Value::from(made))
    },
};

pub(super) static MAX: Function = Function {
    namespace: "std",
    name: "max",
    parameters: EXTREME,
    returns: Kind::Either(&[Kind::Number, Kind::Null]),
    errors: &[],
    purity: Purity::Pure,
    doc: "The greatest number of an array, or the greater of two numbers; null for an empty array.",
    example: ("@std.max([3, 7.5, 5])", "7.5"),
    call: |machine, arguments| extreme(machine, arguments, Ordering::Greater),
};

pub(super) static MIN: Function = Function {
    namespace: "std",
    name: "min",
    parameters: EXTREME,
    returns: Kind::Either(&[Kind::Number, Kind::Null]),
    errors: &[],
    purity: Purity::Pure,
    doc: "The least number of an array, or the lesser of two numbers; null for an empty array.",
    example: ("@std.min(3, 7)", "3"),
    call: |machine, arguments| extreme(machine, arguments, Ordering::Less),
};

pub(super) static REDUCE: Function = Function {
    namespace: "std",
    name: "reduce",
    parameters: &[LIST, one("join", Kind::Lambda(&[U, T], &U)), one("start", U)],
    returns: U,
    errors: &[],
    purity: Purity::Pure,
    doc: "Begins with `start` and puts in its place, for each item in order, what `join` gives for it and the item.",
    example: ("@std.reduce([1, 2, 3], (sum, n) => sum + n, 0)", "6"),
    call: |machine, arguments| {
        let join = lambda(arguments, 1)?;
        let mut joined = arguments.get(2).cloned().unwrap_or(Evaluated::Owned(Value::Null));
        for item in items(arguments)? {
            joined = machine.apply(join, vec![joined, item.clone().into()])?;
        }
        Ok(joined)
    },
};

pub(super) static TYPE_OF: Function = Function {
    namespace: "std",
    name: "typeOf",
    parameters: &[one("value", Kind::Any)],
    returns: Kind::String,
    errors: &[],
    purity: Purity::Pure,
    doc: "The name of the value's type: `null`, `boolean`, `number`, `string`, `array` or `object`.",
    example: ("@std.typeOf(1.5)", "\"number\""),
    call: |_, arguments| Ok(Value::from(value(arguments, 0)?.type_name()).into()),
};

pub(super) static VALUES: Function = Function {
    namespace: "std",
    name: "values",
    parameters: &[one("object", Kind::Map(&T))],
    returns: Kind::Array(&T),
    errors: &[],
    purity: Purity::Pure,
    doc: "The values of an object, in the order in which they were written.",
    example: ("@std.values({b: 1, a: 2})", "[1, 2]"),
    call: |machine, arguments| {
        let fields = value(arguments, 0)?.as_object().into_iter().flatten();
        machine.admit(Value::from(fields.map(|(_, value)| value.clone()).collect::<Vec<_>>()))
    },
};

const LIST: Parameter = one("list", Kind::Array(&T));
const EXTREME: &[Parameter] =
    &[one("numbers", Kind::Either(&[Kind::Array(&Kind::Number), Kind::Number])), maybe("other", Kind::Number)];

/// The argument at that place; the evaluator has checked that it is there and of a declared type.
pub(super) fn value<'v>(arguments: &'v [Evaluated<'_>], index: usize) -> Outcome<&'v Value> {
    arguments.get(index).map_or(Ok(&Value::Null), Evaluated::value)
}

/// A length as a value.
pub(super) fn count(length: usize) -> Value {
    Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
}

fn items<'v>(arguments: &'v [Evaluated<'_>]) -> Outcome<&'v [Value]> {
    Ok(value(arguments, 0)?.as_array().unwrap_or_default())
}

fn lambda<'v, 'a>(arguments: &'v [Evaluated<'a>], index: usize) -> Outcome<&'v Rc<Closure<'a>>> {
    match arguments.get(index) {
        Some(Evaluated::Lambda(closure)) => Ok(closure),
        _ => fault(EvalCode::NotALambda, "a lambda is needed here"),
    }
}

fn contains_item<'a>(machine: &mut Machine<'_, 'a>, items: &[Value], what: &Value) -> Outcome<Evaluated<'a>> {
    for item in items {
        // A secret among the items equals nothing; it must not stop the search for another.
        if !matches!(item, Value::Secret(_)) && machine.equal(item, what)? {
            return Ok(Value::Bool(true).into());
        }
    }
    machine.charge(items.len() / 16)?;
    Ok(Value::Bool(false).into())
}

fn extreme<'a>(machine: &mut Machine<'_, 'a>, arguments: &[Evaluated<'a>], wanted: Ordering) -> Outcome<Evaluated<'a>> {
    let numbers = match (value(arguments, 0)?, arguments.get(1)) {
        (Value::Array(items), None) => items.to_vec(),
        (first, Some(_)) if first.as_array().is_none() => vec![first.clone(), value(arguments, 1)?.clone()],
        _ => return fault(EvalCode::BadArgument, "give one array, or two numbers"),
    };
    machine.charge(numbers.len() / 16)?;
    let mut best: Option<Value> = None;
    for number in numbers {
        match number {
            Value::Int(_) | Value::Float(_) => {}
            Value::Secret(_) => return fault(EvalCode::SecretUse, "a secret is no number to compare"),
            other => {
                let message = format!("an item must be a number, and is {}", other.type_name());
                return fault(EvalCode::BadArgument, message);
            }
        }
        let better = match &best {
            None => true,
            Some(best) => operator::compare(&number, best)? == wanted,
        };
        if better {
            best = Some(number);
        }
    }
    Ok(Value::from(best).into())
}

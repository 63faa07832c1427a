//! Lists, texts or objects come in, and what to look for in them; whether it is there, where, and which it is goes out.

use super::super::super::error::{EvalCode, Outcome, fault};
use super::super::super::eval::{Evaluated, Machine};
use super::super::super::operator;
use super::super::argument::{Arguments, count, items, lambda, value};
use super::super::{Function, Kind, Purity, one};
use super::{LIST, T, TEST};
use crate::Value;

pub(in super::super) const SIZED: Kind = Kind::Either(&[Kind::Array(&Kind::Any), Kind::String, Kind::Object]);
const SEARCHED: Kind = Kind::Either(&[Kind::Array(&Kind::Any), Kind::String]);
const PLACE: Kind = Kind::Either(&[Kind::Integer, Kind::Null]);

pub(in super::super) static CONTAINS: Function = Function {
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
            (Value::Array(items), what) => contains_item(machine, items, what)?,
            (Value::Text(text), Value::Text(what)) => {
                machine.charge(text.len() / 1024)?;
                text.contains(&**what)
            }
            (Value::Object(fields), Value::Text(key)) => fields.contains_key(&**key),
            _ => return only_text(),
        };
        Ok(Value::Bool(found).into())
    },
};

pub(in super::super) static CONTAINS_IF: Function = Function {
    namespace: "std",
    name: "containsIf",
    parameters: &[LIST, one("test", TEST)],
    returns: Kind::Boolean,
    errors: &[],
    purity: Purity::Pure,
    doc: "Whether `test` gives a true value for some item. It stops at the first.",
    example: ("@std.containsIf([1, 2, 3], (n) => n > 2)", "true"),
    call: |machine, arguments| Ok(Value::Bool(first(machine, arguments)?.is_some()).into()),
};

pub(in super::super) static FIND: Function = Function {
    namespace: "std",
    name: "find",
    parameters: &[one("in", SEARCHED), one("what", Kind::Any)],
    returns: PLACE,
    errors: &[],
    purity: Purity::Pure,
    doc: "The place of the first item of an array that is equal to `what`, or at which the string `what` first begins in a \
          string; null if it is not there. Places begin with 0. That it is a place is our choice; `findFirst` gives an item.",
    example: ("@std.find([\"a\", \"b\", \"a\"], \"b\")", "1"),
    call: |machine, arguments| {
        let found = match (value(arguments, 0)?, value(arguments, 1)?) {
            (Value::Array(items), what) => position(machine, items.iter().enumerate(), what)?,
            (Value::Text(text), Value::Text(what)) => character(machine, text, text.find(&**what))?,
            _ => return only_text(),
        };
        Ok(Value::from(found.map(count)).into())
    },
};

pub(in super::super) static RFIND: Function = Function {
    namespace: "std",
    name: "rfind",
    parameters: &[one("in", SEARCHED), one("what", Kind::Any)],
    returns: PLACE,
    errors: &[],
    purity: Purity::Pure,
    doc: "As `find`, but the place of the last one.",
    example: ("@std.rfind([\"a\", \"b\", \"a\"], \"a\")", "2"),
    call: |machine, arguments| {
        let found = match (value(arguments, 0)?, value(arguments, 1)?) {
            (Value::Array(items), what) => position(machine, items.iter().enumerate().rev(), what)?,
            (Value::Text(text), Value::Text(what)) => character(machine, text, text.rfind(&**what))?,
            _ => return only_text(),
        };
        Ok(Value::from(found.map(count)).into())
    },
};

pub(in super::super) static FIND_FIRST: Function = Function {
    namespace: "std",
    name: "findFirst",
    parameters: &[LIST, one("test", TEST)],
    returns: Kind::Either(&[T, Kind::Null]),
    errors: &[],
    purity: Purity::Pure,
    doc: "The first item for which `test` gives a true value; null if there is none.",
    example: ("@std.findFirst([1, 2, 3], (n) => n > 1)", "2"),
    call: |machine, arguments| Ok(Value::from(first(machine, arguments)?.cloned()).into()),
};

fn only_text<'a>() -> Outcome<Evaluated<'a>> {
    fault(EvalCode::BadArgument, "`what` must be a string, for only an array holds other values")
}

/// The first item that passes the test.
fn first<'v, 'a>(machine: &mut Machine<'_, 'a>, arguments: Arguments<'v, 'a>) -> Outcome<Option<&'v Value>> {
    let test = lambda(arguments, 1)?;
    for item in items(arguments, 0)? {
        let answer = machine.apply(test, vec![item.clone().into()])?;
        if operator::truth(answer.value()?)? {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

fn contains_item(machine: &mut Machine<'_, '_>, items: &[Value], what: &Value) -> Outcome<bool> {
    position(machine, items.iter().enumerate(), what).map(|found| found.is_some())
}

/// The first place with an item equal to that. A secret among the items equals nothing; it must not stop the search for another.
fn position<'v>(
    machine: &mut Machine<'_, '_>,
    items: impl Iterator<Item = (usize, &'v Value)>,
    what: &Value,
) -> Outcome<Option<usize>> {
    let mut looked = 0;
    for (index, item) in items {
        if !matches!(item, Value::Secret(_)) && machine.equal(item, what)? {
            return Ok(Some(index));
        }
        looked += 1;
        if looked % 16 == 0 {
            machine.charge(1)?;
        }
    }
    Ok(None)
}

/// The number of the character that begins at that byte.
fn character(machine: &mut Machine<'_, '_>, text: &str, byte: Option<usize>) -> Outcome<Option<usize>> {
    machine.charge(text.len() / 512)?;
    Ok(byte.and_then(|byte| text.get(..byte)).map(|before| before.chars().count()))
}

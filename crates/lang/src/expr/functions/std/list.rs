//! Lists come in; what is made of their items, one after the other, goes out.

use super::super::super::error::{EvalCode, fault};
use super::super::super::eval::Evaluated;
use super::super::super::operator;
use super::super::argument::{items, lambda, whole, within};
use super::super::{Function, Kind, Purity, maybe, one};
use super::{LIST, T, TEST, U};
use crate::Value;

pub(in super::super) static FILTER: Function = Function {
    namespace: "std",
    name: "filter",
    parameters: &[LIST, one("keep", TEST)],
    returns: Kind::Array(&T),
    errors: &[],
    purity: Purity::Pure,
    doc: "The items for which `keep` gives a true value, in their order.",
    example: ("@std.filter([1, 2, 3], (n) => n > 1)", "[2, 3]"),
    call: |machine, arguments| {
        let keep = lambda(arguments, 1)?;
        let mut kept = Vec::new();
        for item in items(arguments, 0)? {
            let answer = machine.apply(keep, vec![item.clone().into()])?;
            if operator::truth(answer.value()?)? {
                kept.push(item.clone());
            }
        }
        machine.admit(Value::from(kept))
    },
};

pub(in super::super) static MAP: Function = Function {
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
        for item in items(arguments, 0)? {
            made.push(machine.apply(make, vec![item.clone().into()])?.into_value()?);
        }
        machine.admit(Value::from(made))
    },
};

pub(in super::super) static REDUCE: Function = Function {
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
        for item in items(arguments, 0)? {
            joined = machine.apply(join, vec![joined, item.clone().into()])?;
        }
        Ok(joined)
    },
};

pub(in super::super) static RANGE: Function = Function {
    namespace: "std",
    name: "range",
    parameters: &[one("start", Kind::Integer), one("end", Kind::Integer), maybe("step", Kind::Integer)],
    returns: Kind::Array(&Kind::Integer),
    errors: &[],
    purity: Purity::Pure,
    doc: "The whole numbers from `start` up to `end`, which is not included, each `step` further than the one before (1 where it \
          is left out). A negative step counts down. What the arguments mean is our choice.",
    example: ("@std.range(1, 4)", "[1, 2, 3]"),
    call: |machine, arguments| {
        let (start, end) = (whole(arguments, 0)?, whole(arguments, 1)?);
        let step = if arguments.len() > 2 { whole(arguments, 2)? } else { 1 };
        if step == 0 {
            return fault(EvalCode::BadArgument, "`step` must not be 0");
        }
        let mut numbers = Vec::new();
        let mut next = Some(start);
        while let Some(number) = next.filter(|number| if step > 0 { *number < end } else { *number > end }) {
            // Paid for as it grows: the end may be far away.
            if numbers.len() % 16 == 0 {
                machine.charge(1)?;
            }
            numbers.push(Value::Int(number));
            next = number.checked_add(step);
        }
        machine.admit(Value::from(numbers))
    },
};

pub(in super::super) static REVERSE: Function = Function {
    namespace: "std",
    name: "reverse",
    parameters: &[LIST],
    returns: Kind::Array(&T),
    errors: &[],
    purity: Purity::Pure,
    doc: "The items in the opposite order.",
    example: ("@std.reverse([1, 2, 3])", "[3, 2, 1]"),
    call: |machine, arguments| {
        machine.admit(Value::from(items(arguments, 0)?.iter().rev().cloned().collect::<Vec<_>>()))
    },
};

pub(in super::super) static SLICE: Function = Function {
    namespace: "std",
    name: "slice",
    parameters: &[LIST, one("start", Kind::Integer), maybe("end", Kind::Integer)],
    returns: Kind::Array(&T),
    errors: &[],
    purity: Purity::Pure,
    doc: "The items from `start` up to `end`, which is not included, or to the end of the list. The first is 0; a negative place \
          counts from the end; places beyond the list are its ends.",
    example: ("@std.slice([1, 2, 3, 4], 1, -1)", "[2, 3]"),
    call: |machine, arguments| {
        let items = items(arguments, 0)?;
        let start = place(items.len(), whole(arguments, 1)?);
        let end = if arguments.len() > 2 { place(items.len(), whole(arguments, 2)?) } else { items.len() };
        machine.admit(Value::from(items.get(start..end).unwrap_or_default().to_vec()))
    },
};

pub(in super::super) static SPLICE: Function = Function {
    namespace: "std",
    name: "splice",
    parameters: &[LIST, one("start", Kind::Integer), one("remove", Kind::Integer), maybe("insert", Kind::Array(&T))],
    returns: Kind::Array(&T),
    errors: &[],
    purity: Purity::Pure,
    doc: "The list without the `remove` items from `start` on, and with the items of `insert` in their place. A negative `start` \
          counts from the end. It gives the new list, as nothing is ever changed in place: that is our choice.",
    example: ("@std.splice([1, 2, 3], 1, 1, [7, 8])", "[1, 7, 8, 3]"),
    call: |machine, arguments| {
        let list = items(arguments, 0)?;
        let start = place(list.len(), whole(arguments, 1)?);
        let remove = within(arguments, 2, "remove", 0..=usize::MAX, 0)?;
        let rest = list.get(start.saturating_add(remove)..).unwrap_or_default();
        let insert = if arguments.len() > 3 { items(arguments, 3)? } else { &[] };
        let parts = [list.get(..start).unwrap_or_default(), insert, rest];
        machine.admit(Value::from(parts.concat()))
    },
};

/// A place in a list of that length: a negative one counts from the end.
fn place(length: usize, place: i64) -> usize {
    let distance = usize::try_from(place.unsigned_abs()).unwrap_or(usize::MAX);
    if place < 0 { length.saturating_sub(distance) } else { distance.min(length) }
}

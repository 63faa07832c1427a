//! Numbers, and texts that are some, come in; what they come to together goes out.

use std::cmp::Ordering;

use super::super::super::ast::BinaryOperator;
use super::super::super::error::{EvalCode, Outcome, fault};
use super::super::super::eval::{Evaluated, Machine};
use super::super::super::operator;
use super::super::super::text::{self, Number};
use super::super::argument::{Arguments, finite, items, value};
use super::super::{Function, Kind, Parameter, Purity, maybe, one};
use crate::Value;
use crate::value::whole;

const NUMBERS: Parameter = one("numbers", Kind::Array(&Kind::Number));
const EXTREME: &[Parameter] =
    &[one("numbers", Kind::Either(&[Kind::Array(&Kind::Number), Kind::Number])), maybe("other", Kind::Number)];
const PERHAPS: Kind = Kind::Either(&[Kind::Number, Kind::Null]);

pub(in super::super) static AVG: Function = Function {
    namespace: "std",
    name: "avg",
    parameters: &[NUMBERS],
    returns: PERHAPS,
    errors: &[EvalCode::Overflow],
    purity: Purity::Pure,
    doc: "The mean of an array's numbers; null for an empty array.",
    example: ("@std.avg([1, 2, 6])", "3"),
    call: |machine, arguments| {
        let numbers = numbers(machine, items(arguments, 0)?)?;
        let Some(mean) = mean(&numbers) else { return Ok(Value::Null.into()) };
        finite(mean).map(Evaluated::Owned)
    },
};

pub(in super::super) static MAX: Function = Function {
    namespace: "std",
    name: "max",
    parameters: EXTREME,
    returns: PERHAPS,
    errors: &[],
    purity: Purity::Pure,
    doc: "The greatest number of an array, or the greater of two numbers; null for an empty array.",
    example: ("@std.max([3, 7.5, 5])", "7.5"),
    call: |machine, arguments| extreme(machine, arguments, Ordering::Greater),
};

pub(in super::super) static MIN: Function = Function {
    namespace: "std",
    name: "min",
    parameters: EXTREME,
    returns: PERHAPS,
    errors: &[],
    purity: Purity::Pure,
    doc: "The least number of an array, or the lesser of two numbers; null for an empty array.",
    example: ("@std.min(3, 7)", "3"),
    call: |machine, arguments| extreme(machine, arguments, Ordering::Less),
};

pub(in super::super) static STDEV: Function = Function {
    namespace: "std",
    name: "stdev",
    parameters: &[NUMBERS],
    returns: PERHAPS,
    errors: &[EvalCode::Overflow],
    purity: Purity::Pure,
    doc: "The standard deviation of an array's numbers, taken as the whole of what there is (divided by their count, not by one \
          less): that is our choice. Null for an empty array.",
    example: ("@std.stdev([2, 4, 4, 4, 5, 5, 7, 9])", "2"),
    call: |machine, arguments| {
        let numbers = numbers(machine, items(arguments, 0)?)?;
        let Some(mean) = mean(&numbers) else { return Ok(Value::Null.into()) };
        let squares: Vec<f64> = numbers.iter().map(|number| (number - mean) * (number - mean)).collect();
        finite(self::mean(&squares).unwrap_or_default().sqrt()).map(Evaluated::Owned)
    },
};

pub(in super::super) static SUM: Function = Function {
    namespace: "std",
    name: "sum",
    parameters: &[NUMBERS],
    returns: Kind::Number,
    errors: &[EvalCode::Overflow],
    purity: Purity::Pure,
    doc: "The numbers of an array added up, as `+` adds them; 0 for an empty array.",
    example: ("@std.sum([1, 2, 3.5])", "6.5"),
    call: |machine, arguments| {
        let items = items(arguments, 0)?;
        machine.charge(items.len() / 16)?;
        let mut sum = Value::Int(0);
        for item in items {
            is_number(item)?;
            sum = operator::binary(BinaryOperator::Add, &sum, item)?;
        }
        Ok(sum.into())
    },
};

pub(in super::super) static STR_TO_DOUBLE: Function = Function {
    namespace: "std",
    name: "strToDouble",
    parameters: &[one("text", Kind::String)],
    returns: Kind::Number,
    errors: &[EvalCode::NotANumber, EvalCode::Overflow],
    purity: Purity::Pure,
    doc: "The number that a text is, written as in an expression: no blanks around it, a point before the fraction.",
    example: ("@std.strToDouble(\"22.50\")", "22.5"),
    call: |_, arguments| {
        Ok(match text::number(value(arguments, 0)?)? {
            Number::Int(number) => Value::Int(number).into(),
            Number::Float(number) => Value::Float(number).into(),
        })
    },
};

pub(in super::super) static STR_TO_INT: Function = Function {
    namespace: "std",
    name: "strToInt",
    parameters: &[one("text", Kind::String)],
    returns: Kind::Integer,
    errors: &[EvalCode::NotANumber, EvalCode::Overflow],
    purity: Purity::Pure,
    doc: "The whole number that a text is, such as `-12` or `12.0`; nothing is rounded.",
    example: ("@std.strToInt(\"007\")", "7"),
    call: |_, arguments| {
        let number = match text::number(value(arguments, 0)?)? {
            Number::Int(number) => Some(number),
            Number::Float(number) => whole(number),
        };
        match number {
            Some(number) => Ok(Value::Int(number).into()),
            None => fault(EvalCode::NotANumber, "this text is no whole number of 64 bits"),
        }
    },
};

fn is_number(item: &Value) -> Outcome<()> {
    match item {
        Value::Int(_) | Value::Float(_) => Ok(()),
        Value::Secret(_) => fault(EvalCode::SecretUse, "a secret is no number to calculate with"),
        other => fault(EvalCode::BadArgument, format!("an item must be a number, and is {}", other.type_name())),
    }
}

fn numbers(machine: &mut Machine<'_, '_>, items: &[Value]) -> Outcome<Vec<f64>> {
    machine.charge(items.len() / 8)?;
    items.iter().map(|item| is_number(item).and_then(|()| text::number(item)).map(Number::float)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "no list is so long that its length would be rounded")]
fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

fn extreme<'a>(
    machine: &mut Machine<'_, 'a>,
    arguments: Arguments<'_, 'a>,
    wanted: Ordering,
) -> Outcome<Evaluated<'a>> {
    let numbers = match (value(arguments, 0)?, arguments.get(1)) {
        (Value::Array(items), None) => items.to_vec(),
        (first, Some(_)) if first.as_array().is_none() => vec![first.clone(), value(arguments, 1)?.clone()],
        _ => return fault(EvalCode::BadArgument, "give one array, or two numbers"),
    };
    machine.charge(numbers.len() / 16)?;
    let mut best: Option<Value> = None;
    for number in numbers {
        is_number(&number)?;
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

//! A number comes in; the same without its sign, or without part of its fraction, goes out.

use super::super::argument::{Arguments, finite, number, within};
use super::super::{Function, Kind, Purity, maybe, one};
use super::{NUMERIC, X};
use crate::Value;
use crate::expr::error::{EvalCode, Outcome, fault};
use crate::expr::eval::Evaluated;
use crate::expr::operator;
use crate::expr::text::Number;
use crate::value::whole;

const ERRORS: &[EvalCode] = &[EvalCode::NotANumber, EvalCode::Overflow];

pub(in super::super) static ABS: Function = Function {
    namespace: "math",
    name: "abs",
    parameters: X,
    returns: Kind::Number,
    errors: &[EvalCode::NotANumber, EvalCode::Overflow],
    purity: Purity::Pure,
    doc: "The number without its sign.",
    example: ("@math.abs(-3)", "3"),
    call: |_, arguments| match number(arguments, 0)? {
        Number::Int(number) if number < 0 => operator::negate(&Value::Int(number)).map(Evaluated::Owned),
        Number::Int(number) => Ok(Value::Int(number).into()),
        Number::Float(number) => Ok(Value::Float(number.abs()).into()),
    },
};

pub(in super::super) static CEIL: Function = Function {
    namespace: "math",
    name: "ceil",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The least whole number that is not less.",
    example: ("@math.ceil(1.2)", "2"),
    call: |_, arguments| apply(arguments, f64::ceil),
};

pub(in super::super) static FLOOR: Function = Function {
    namespace: "math",
    name: "floor",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The greatest whole number that is not greater.",
    example: ("@math.floor(-1.2)", "-2"),
    call: |_, arguments| apply(arguments, f64::floor),
};

pub(in super::super) static TRUNC: Function = Function {
    namespace: "math",
    name: "trunc",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The number without its fraction.",
    example: ("@math.trunc(-1.8)", "-1"),
    call: |_, arguments| apply(arguments, f64::trunc),
};

pub(in super::super) static ROUND: Function = Function {
    namespace: "math",
    name: "round",
    parameters: &[one("x", NUMERIC), maybe("digits", Kind::Integer)],
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The nearest number with so many digits (0 to 15; none where it is left out) behind the point. What lies in the middle goes \
          away from zero. It is the number as it is written in decimal that counts: 1.005 with two digits is 1.01.",
    example: ("@math.round(2.345, 2)", "2.35"),
    call: |_, arguments| {
        let digits = within(arguments, 1, "digits", 0..=15, 0)?;
        match number(arguments, 0)? {
            Number::Int(number) => Ok(Value::Int(number).into()),
            Number::Float(number) if digits == 0 => Ok(integral(number.round()).into()),
            Number::Float(number) => decimal(number, digits).map(Evaluated::Owned),
        }
    },
};

pub(in super::super) static SIGN: Function = Function {
    namespace: "math",
    name: "sign",
    parameters: X,
    returns: Kind::Integer,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "One of -1, 0 and 1, as the number is less than, equal to or greater than 0.",
    example: ("@math.sign(-0.5)", "-1"),
    call: |_, arguments| {
        let sign = match number(arguments, 0)? {
            Number::Int(number) => number.signum(),
            Number::Float(number) => i64::from(number > 0.0) - i64::from(number < 0.0),
        };
        Ok(Value::Int(sign).into())
    },
};

pub(in super::super) static CLAMP: Function = Function {
    namespace: "math",
    name: "clamp",
    parameters: &[one("x", NUMERIC), one("least", NUMERIC), one("most", NUMERIC)],
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The number, or the bound beyond which it lies.",
    example: ("@math.clamp(12, 0, 10)", "10"),
    call: |_, arguments| {
        let [x, least, most] = [0, 1, 2].map(|index| number(arguments, index).map(value));
        let (x, least, most) = (x?, least?, most?);
        if operator::compare(&least, &most)?.is_gt() {
            return fault(EvalCode::BadArgument, "`least` is greater than `most`");
        }
        let x = if operator::compare(&x, &least)?.is_lt() { least } else { x };
        Ok(if operator::compare(&x, &most)?.is_gt() { most } else { x }.into())
    },
};

pub(in super::super) static REMAINDER: Function = Function {
    namespace: "math",
    name: "mod",
    parameters: &[one("x", NUMERIC), one("by", NUMERIC)],
    returns: Kind::Number,
    errors: &[EvalCode::NotANumber, EvalCode::DivisionByZero, EvalCode::Overflow],
    purity: Purity::Pure,
    doc: "What is left when `x` is divided by `by` and rounded down: it has the sign of `by`, where `%` has that of `x`.",
    example: ("@math.mod(-1, 12)", "11"),
    call: |_, arguments| match (number(arguments, 0)?, number(arguments, 1)?) {
        (Number::Int(_), Number::Int(0)) => by_zero(),
        (Number::Int(x), Number::Int(by)) => {
            let rest = x.checked_rem(by).unwrap_or(0);
            Ok(Value::Int(if rest != 0 && (rest < 0) != (by < 0) { rest + by } else { rest }).into())
        }
        (_, by) if by.float() == 0.0 => by_zero(),
        (x, by) => {
            let rest = x.float() % by.float();
            finite(if rest != 0.0 && (rest < 0.0) != (by.float() < 0.0) { rest + by.float() } else { rest })
                .map(Evaluated::Owned)
        }
    },
};

fn by_zero<'a>() -> Outcome<Evaluated<'a>> {
    fault(EvalCode::DivisionByZero, "division by zero")
}

fn value(number: Number) -> Value {
    match number {
        Number::Int(number) => Value::Int(number),
        Number::Float(number) => Value::Float(number),
    }
}

fn apply<'a>(arguments: Arguments<'_, '_>, change: fn(f64) -> f64) -> Outcome<Evaluated<'a>> {
    Ok(match number(arguments, 0)? {
        Number::Int(number) => Value::Int(number).into(),
        Number::Float(number) => integral(change(number)).into(),
    })
}

/// A float without a fraction, as an integer where it is one of 64 bits.
fn integral(number: f64) -> Value {
    whole(number).map_or(Value::Float(number), Value::Int)
}

/// Rounds what a reader sees, not the binary fraction behind it.
fn decimal(number: f64, digits: usize) -> Outcome<Value> {
    // No float of this size has a fraction of its own.
    if number.abs() >= 1e15 {
        return Ok(Value::Float(number));
    }
    let text = format!("{}", number.abs());
    let (before, after) = text.split_once('.').unwrap_or((&text, ""));
    let Some((kept, rest)) = after.split_at_checked(digits) else { return Ok(Value::Float(number)) };
    let up = rest.starts_with(|digit| ('5'..='9').contains(&digit));
    let Ok(mut scaled) = format!("{before}{kept}").parse::<u128>() else { return Ok(Value::Float(number)) };
    scaled += u128::from(up);
    let padded = format!("{scaled:0width$}", width = digits + 1);
    let (before, kept) = padded.split_at_checked(padded.len() - digits).unwrap_or((&padded, ""));
    let rounded = format!("{before}.{kept}").parse::<f64>().unwrap_or_else(|_| number.abs());
    finite(rounded.copysign(number))
}

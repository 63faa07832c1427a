//! Numbers come in; roots, powers, logarithms and angles of them go out.

use super::super::argument::{Arguments, finite, number};
use super::super::{Function, Kind, Purity, one};
use super::{NUMERIC, X};
use crate::Value;
use crate::expr::error::{EvalCode, Outcome, fault};
use crate::expr::eval::Evaluated;
use crate::expr::text::Number;

const ERRORS: &[EvalCode] = &[EvalCode::NotANumber, EvalCode::Overflow];

pub(in super::super) static COS: Function = Function {
    namespace: "math",
    name: "cos",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The cosine of an angle in radians.",
    example: ("@math.cos(0)", "1"),
    call: |_, arguments| apply(arguments, f64::cos),
};

pub(in super::super) static SIN: Function = Function {
    namespace: "math",
    name: "sin",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The sine of an angle in radians.",
    example: ("@math.sin(0)", "0"),
    call: |_, arguments| apply(arguments, f64::sin),
};

pub(in super::super) static TAN: Function = Function {
    namespace: "math",
    name: "tan",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The tangent of an angle in radians.",
    example: ("@math.tan(0)", "0"),
    call: |_, arguments| apply(arguments, f64::tan),
};

pub(in super::super) static SQRT: Function = Function {
    namespace: "math",
    name: "sqrt",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The square root. A negative number has none.",
    example: ("@math.sqrt(16)", "4"),
    call: |_, arguments| apply(arguments, f64::sqrt),
};

pub(in super::super) static EXP: Function = Function {
    namespace: "math",
    name: "exp",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "Euler's number to the power of a number.",
    example: ("@math.exp(0)", "1"),
    call: |_, arguments| apply(arguments, f64::exp),
};

pub(in super::super) static LOG: Function = Function {
    namespace: "math",
    name: "log",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The natural logarithm. Only a number greater than 0 has one.",
    example: ("@math.log(1)", "0"),
    call: |_, arguments| logarithm(arguments, f64::ln),
};

pub(in super::super) static LOG10: Function = Function {
    namespace: "math",
    name: "log10",
    parameters: X,
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "The logarithm to base 10. Only a number greater than 0 has one.",
    example: ("@math.log10(1000)", "3"),
    call: |_, arguments| logarithm(arguments, f64::log10),
};

pub(in super::super) static POW: Function = Function {
    namespace: "math",
    name: "pow",
    parameters: &[one("x", NUMERIC), one("to", NUMERIC)],
    returns: Kind::Number,
    errors: ERRORS,
    purity: Purity::Pure,
    doc: "A number to the power of another. Two integers give an integer, unless the power is negative; it is an error where that leaves \
          64 bits.",
    example: ("@math.pow(2, 10)", "1024"),
    call: |_, arguments| {
        let (x, to) = (number(arguments, 0)?, number(arguments, 1)?);
        if let (Number::Int(x), Number::Int(to @ 0..)) = (x, to) {
            return match whole_power(x, to) {
                Some(power) => Ok(Value::Int(power).into()),
                None => fault(EvalCode::Overflow, "the result is too large for a number"),
            };
        }
        if x.float() == 0.0 && to.float() < 0.0 {
            return fault(EvalCode::BadArgument, "0 has no negative power");
        }
        finite(x.float().powf(to.float())).map(Evaluated::Owned)
    },
};

fn whole_power(x: i64, to: i64) -> Option<i64> {
    match x {
        0 | 1 => Some(if to == 0 { 1 } else { x }),
        -1 => Some(if to % 2 == 0 { 1 } else { -1 }),
        // Any other number leaves 64 bits long before the power leaves 32.
        _ => x.checked_pow(u32::try_from(to).ok()?),
    }
}

fn apply<'a>(arguments: Arguments<'_, '_>, change: fn(f64) -> f64) -> Outcome<Evaluated<'a>> {
    finite(change(number(arguments, 0)?.float())).map(Evaluated::Owned)
}

fn logarithm<'a>(arguments: Arguments<'_, '_>, change: fn(f64) -> f64) -> Outcome<Evaluated<'a>> {
    if number(arguments, 0)?.float() <= 0.0 {
        return fault(EvalCode::BadArgument, "only a number greater than 0 has a logarithm");
    }
    apply(arguments, change)
}

//! Random bytes come in from the scope; numbers that they make go out, each as likely as any other.

use super::super::argument::whole;
use super::super::std::random::dice;
use super::super::{Function, Kind, Purity, one};
use crate::Value;
use crate::expr::error::{EvalCode, fault};

pub(in super::super) static RANDOM: Function = Function {
    namespace: "math",
    name: "random",
    parameters: &[],
    returns: Kind::Number,
    errors: &[EvalCode::NotAvailable],
    purity: Purity::Random,
    doc: "A random number from 0 on and less than 1.",
    example: ("@math.floor(@math.random())", "0"),
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds without loss")]
    call: |machine, _| {
        let bits = u64::from_be_bytes(dice(machine)?.bytes()) >> 11;
        Ok(Value::Float(bits as f64 / (1_u64 << 53) as f64).into())
    },
};

pub(in super::super) static RANDOM_INTEGER: Function = Function {
    namespace: "math",
    name: "randomInteger",
    parameters: &[one("least", Kind::Integer), one("most", Kind::Integer)],
    returns: Kind::Integer,
    errors: &[EvalCode::NotAvailable],
    purity: Purity::Random,
    doc: "A random whole number from `least` to `most`, both included.",
    example: ("@math.randomInteger(7, 7)", "7"),
    call: |machine, arguments| {
        let (least, most) = (whole(arguments, 0)?, whole(arguments, 1)?);
        let Ok(span) = u64::try_from(i128::from(most) - i128::from(least)) else {
            return fault(EvalCode::BadArgument, "`least` is greater than `most`");
        };
        let dice = dice(machine)?;
        // A number of the last, incomplete turn through the span is drawn again, so that none is likelier.
        let number = loop {
            let drawn = u64::from_be_bytes(dice.bytes());
            let Some(count) = span.checked_add(1) else { break drawn };
            if drawn < u64::MAX - u64::MAX % count {
                break drawn % count;
            }
            machine.charge(1)?;
        };
        let number = i128::from(least) + i128::from(number);
        Ok(Value::Int(i64::try_from(number).unwrap_or(most)).into())
    },
};

//! Operands come in; what an operator makes of them goes out, coerced by the table of the language and by nothing else.

use std::cmp::Ordering;

use super::ast::BinaryOperator;
use super::error::{EvalCode, Outcome, fault};
use super::text::{Number, append, number};
use crate::Value;

/// Arithmetic; comparisons, `&&`, `||` and `??` are not among it.
pub(super) fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Outcome<Value> {
    no_secret(operator, left, right)?;
    match operator {
        BinaryOperator::Add if matches!(left, Value::Text(_)) || matches!(right, Value::Text(_)) => {
            let mut text = String::new();
            append(left, &mut text)?;
            append(right, &mut text)?;
            Ok(Value::from(text))
        }
        _ => match (number(left)?, number(right)?) {
            (Number::Int(left), Number::Int(right)) => integers(operator, left, right),
            (left, right) => floats(operator, left.float(), right.float()),
        },
    }
}

/// Comparisons by size.
pub(super) fn ordered(operator: BinaryOperator, left: &Value, right: &Value) -> Outcome<bool> {
    no_secret(operator, left, right)?;
    let order = compare(left, right)?;
    Ok(match operator {
        BinaryOperator::Less => order.is_lt(),
        BinaryOperator::LessEqual => order.is_le(),
        BinaryOperator::Greater => order.is_gt(),
        _ => order.is_ge(),
    })
}

fn no_secret(operator: BinaryOperator, left: &Value, right: &Value) -> Outcome<()> {
    if matches!(left, Value::Secret(_)) || matches!(right, Value::Secret(_)) {
        return fault(EvalCode::SecretUse, format!("`{}` does not work on a secret", operator.symbol()));
    }
    Ok(())
}

fn integers(operator: BinaryOperator, left: i64, right: i64) -> Outcome<Value> {
    let result = match operator {
        BinaryOperator::Add => left.checked_add(right),
        BinaryOperator::Subtract => left.checked_sub(right),
        BinaryOperator::Multiply => left.checked_mul(right),
        BinaryOperator::Divide | BinaryOperator::Remainder if right == 0 => return zero(),
        // The remainder by -1 is 0, though the division itself may leave the range.
        BinaryOperator::Remainder => Some(left.checked_rem(right).unwrap_or(0)),
        BinaryOperator::Divide if left.checked_rem(right).is_some_and(|rest| rest != 0) => {
            return floats(operator, Number::Int(left).float(), Number::Int(right).float());
        }
        _ => left.checked_div(right),
    };
    match result {
        Some(number) => Ok(Value::Int(number)),
        None => overflow(),
    }
}

fn floats(operator: BinaryOperator, left: f64, right: f64) -> Outcome<Value> {
    let result = match operator {
        BinaryOperator::Add => left + right,
        BinaryOperator::Subtract => left - right,
        BinaryOperator::Multiply => left * right,
        BinaryOperator::Divide | BinaryOperator::Remainder if right == 0.0 => return zero(),
        BinaryOperator::Remainder => left % right,
        _ => left / right,
    };
    if result.is_finite() { Ok(Value::Float(result)) } else { overflow() }
}

fn zero() -> Outcome<Value> {
    fault(EvalCode::DivisionByZero, "division by zero")
}

fn overflow() -> Outcome<Value> {
    fault(EvalCode::Overflow, "the result is too large for a number")
}

/// `-value`
pub(super) fn negate(value: &Value) -> Outcome<Value> {
    match number(value)? {
        Number::Int(number) => number.checked_neg().map_or_else(overflow, |number| Ok(Value::Int(number))),
        Number::Float(number) => Ok(Value::Float(-number)),
    }
}

/// The value as a condition.
pub(super) fn truth(value: &Value) -> Outcome<bool> {
    value.truth().map_or_else(|| fault(EvalCode::SecretUse, "a secret is no condition"), Ok)
}

/// Texts are ordered by their characters' numbers; all else is compared as numbers.
pub(super) fn compare(left: &Value, right: &Value) -> Outcome<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => return Ok(left.cmp(right)),
        (Value::Int(left), Value::Int(right)) => return Ok(left.cmp(right)),
        _ => {}
    }
    Ok(match (number(left)?, number(right)?) {
        (Number::Int(left), Number::Int(right)) => left.cmp(&right),
        (Number::Int(left), Number::Float(right)) => mixed(left, right),
        (Number::Float(left), Number::Int(right)) => mixed(right, left).reverse(),
        (Number::Float(left), Number::Float(right)) => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
    })
}

/// Compares exactly, where a conversion would round: 2^53 + 1 is greater than 2^53 as a float.
fn mixed(left: i64, right: f64) -> Ordering {
    match crate::value::whole(right.trunc()) {
        None if right > 0.0 => Ordering::Less,
        None => Ordering::Greater,
        Some(whole) => left.cmp(&whole).then_with(|| 0.0.partial_cmp(&right.fract()).unwrap_or(Ordering::Equal)),
    }
}

/// `left == right`, and the nodes that were looked at. A secret may only be asked whether it is there.
pub(super) fn equal(left: &Value, right: &Value, looked: &mut usize) -> Outcome<bool> {
    match (left, right) {
        (Value::Secret(_), Value::Null) | (Value::Null, Value::Secret(_)) => Ok(false),
        (Value::Secret(_), _) | (_, Value::Secret(_)) => {
            fault(EvalCode::SecretUse, "a secret can only be compared with null")
        }
        _ => Ok(same(left, right, looked)),
    }
}

fn same(left: &Value, right: &Value, looked: &mut usize) -> bool {
    *looked += 1;
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| same(left, right, looked))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| same(left, right, looked)))
        }
        _ => left == right,
    }
}

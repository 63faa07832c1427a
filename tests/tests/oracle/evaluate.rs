//! An expression and what it may read come in; its value goes out, by the tables of the language's page and in the plainest
//! way: everything is copied, nothing is folded.

use std::cmp::Ordering;

use crate::data::{Data, Eval, Fault, NOT_A_NUMBER, OVERFLOW};
use crate::expression::{Expr, Operator, Part};

// Beyond these a value counts as outgrown.
const LARGEST: usize = 4096;
const DEEPEST: usize = 40;

/// What an expression may read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// Variables, and names bound by `let`: the last one of a name counts.
    pub(crate) names: Vec<(String, Data)>,
    pub(crate) parameters: Vec<(String, Data)>,
    pub(crate) user: Option<String>,
}

impl Scope {
    fn with(&self, name: &str, value: Data) -> Self {
        let mut inner = self.clone();
        inner.names.push((name.to_owned(), value));
        inner
    }

    fn read(&self, name: &str) -> Data {
        let found = self.names.iter().rev().find(|(known, _)| known == name);
        found.unwrap_or_else(|| panic!("`{name}` is set wherever it is read")).1.clone()
    }

    fn parameter(&self, name: &str) -> Data {
        self.parameters.iter().find(|(known, _)| known == name).unwrap().1.clone()
    }
}

pub(crate) fn evaluate(expr: &Expr, scope: &Scope) -> Eval<Data> {
    let value = value_of(expr, scope)?;
    if value.weight() > LARGEST || value.depth() > DEEPEST { Err(Fault::Outgrown) } else { Ok(value) }
}

fn value_of(expr: &Expr, scope: &Scope) -> Eval<Data> {
    Ok(match expr {
        Expr::Literal(data) => data.clone(),
        Expr::Name(name) => scope.read(name),
        Expr::Parameter(name) => scope.parameter(name),
        Expr::Authenticated => Data::Bool(scope.user.is_some()),
        Expr::User => match &scope.user {
            Some(user) => Data::Map(vec![("user_id".to_owned(), Data::text(user))]),
            None => Data::Null,
        },
        Expr::List(items) => Data::List(items.iter().map(|item| evaluate(item, scope)).collect::<Eval<_>>()?),
        Expr::Map(fields) => {
            let fields = fields.iter().map(|(name, field)| Ok((name.clone(), evaluate(field, scope)?)));
            Data::Map(fields.collect::<Eval<_>>()?)
        }
        Expr::Field(of, name, optional) => field(&evaluate(of, scope)?, name, *optional)?,
        Expr::Item(of, at, optional) => {
            let of = evaluate(of, scope)?;
            if *optional && of == Data::Null {
                return Ok(Data::Null);
            }
            item(&of, &evaluate(at, scope)?, *optional)?
        }
        Expr::Not(of) => Data::Bool(!evaluate(of, scope)?.truth()),
        Expr::Negative(of) => match evaluate(of, scope)?.to_number()? {
            Data::Int(number) => Data::Int(number.checked_neg().ok_or(OVERFLOW)?),
            number => Data::Float(-as_float(&number)),
        },
        Expr::Binary(operator, left, right) => binary(*operator, left, right, scope)?,
        Expr::Choice(test, yes, no) => {
            let taken = if evaluate(test, scope)?.truth() { yes } else { no };
            evaluate(taken, scope)?
        }
        Expr::Try(first, second) => match evaluate(first, scope) {
            Err(Fault::Word(_)) => evaluate(second, scope)?,
            done => done?,
        },
        Expr::Let(name, value, body) => evaluate(body, &scope.with(name, evaluate(value, scope)?))?,
        Expr::Text(parts) => text(parts, scope)?,
        Expr::Length(of) => Data::Int(match evaluate(of, scope)? {
            Data::Text(text) => text.chars().count(),
            Data::List(items) => items.len(),
            Data::Map(fields) => fields.len(),
            _ => return Err(Fault::Word("bad-argument")),
        } as i64),
    })
}

/// The parts of a text, one after the other.
pub(crate) fn text(parts: &[Part], scope: &Scope) -> Eval<Data> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Plain(plain) => text += plain,
            Part::Value(value) => text += &evaluate(value, scope)?.to_text(),
        }
    }
    Ok(Data::Text(text))
}

fn field(of: &Data, name: &str, optional: bool) -> Eval<Data> {
    match of {
        Data::Map(_) => Ok(of.get(name).cloned().unwrap_or(Data::Null)),
        _ if optional => Ok(Data::Null),
        Data::Null => Err(Fault::Word("null-access")),
        _ => Err(Fault::Word("no-fields")),
    }
}

fn item(of: &Data, at: &Data, optional: bool) -> Eval<Data> {
    match (of, at) {
        (Data::Map(_), Data::Text(name)) => field(of, name, optional),
        (Data::List(items), Data::Int(_) | Data::Float(_)) => {
            let place = as_float(at);
            if place.fract() != 0.0 || place < 0.0 {
                return Err(Fault::Word("bad-index"));
            }
            Ok(items.get(place as usize).cloned().unwrap_or(Data::Null))
        }
        (Data::Map(_), _) => Err(Fault::Word("bad-index")),
        (Data::Null, _) => Err(Fault::Word("null-access")),
        _ if optional => Ok(Data::Null),
        _ => Err(Fault::Word("no-fields")),
    }
}

fn binary(operator: Operator, left: &Expr, right: &Expr, scope: &Scope) -> Eval<Data> {
    let left = evaluate(left, scope)?;
    // The right one is evaluated only when it is needed.
    match operator {
        Operator::And if !left.truth() => return Ok(left),
        Operator::Or if left.truth() => return Ok(left),
        Operator::Coalesce if left != Data::Null => return Ok(left),
        _ => {}
    }
    let right = evaluate(right, scope)?;
    Ok(match operator {
        Operator::And | Operator::Or | Operator::Coalesce => right,
        Operator::Equal => Data::Bool(equal(&left, &right)),
        Operator::Unequal => Data::Bool(!equal(&left, &right)),
        Operator::Less => Data::Bool(order(&left, &right)?.is_lt()),
        Operator::LessEqual => Data::Bool(order(&left, &right)?.is_le()),
        Operator::Greater => Data::Bool(order(&left, &right)?.is_gt()),
        Operator::GreaterEqual => Data::Bool(order(&left, &right)?.is_ge()),
        Operator::Add if matches!(left, Data::Text(_)) || matches!(right, Data::Text(_)) => {
            Data::Text(left.to_text() + &right.to_text())
        }
        _ => match (left.to_number()?, right.to_number()?) {
            (Data::Int(left), Data::Int(right)) => integers(operator, i128::from(left), i128::from(right))?,
            (left, right) => floats(operator, as_float(&left), as_float(&right))?,
        },
    })
}

fn integers(operator: Operator, left: i128, right: i128) -> Eval<Data> {
    if matches!(operator, Operator::Divide | Operator::Remainder) && right == 0 {
        return Err(Fault::Word("division-by-zero"));
    }
    let exact = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Remainder => left % right,
        Operator::Divide if left % right != 0 => return floats(operator, left as f64, right as f64),
        _ => left / right,
    };
    i64::try_from(exact).map(Data::Int).map_err(|_| OVERFLOW)
}

fn floats(operator: Operator, left: f64, right: f64) -> Eval<Data> {
    if matches!(operator, Operator::Divide | Operator::Remainder) && right == 0.0 {
        return Err(Fault::Word("division-by-zero"));
    }
    let result = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Remainder => left % right,
        _ => left / right,
    };
    if result.is_finite() { Ok(Data::Float(result)) } else { Err(OVERFLOW) }
}

/// `==` of the language: it never coerces, except integer with float.
pub(crate) fn equal(left: &Data, right: &Data) -> bool {
    match (left, right) {
        (Data::Int(_) | Data::Float(_), Data::Int(_) | Data::Float(_)) => order(left, right) == Ok(Ordering::Equal),
        (Data::List(left), Data::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Data::Map(fields), Data::Map(others)) => {
            fields.len() == others.len()
                && fields.iter().all(|(name, field)| right.get(name).is_some_and(|other| equal(field, other)))
        }
        _ => left == right,
    }
}

fn order(left: &Data, right: &Data) -> Eval<Ordering> {
    if let (Data::Text(left), Data::Text(right)) = (left, right) {
        return Ok(left.chars().cmp(right.chars()));
    }
    let (left, right) = (left.to_number()?, right.to_number()?);
    let exact = match (&left, &right) {
        (Data::Int(left), Data::Int(right)) => return Ok(left.cmp(right)),
        (Data::Int(whole), Data::Float(float)) => mixed(*whole, *float),
        (Data::Float(float), Data::Int(whole)) => mixed(*whole, *float).reverse(),
        _ => return as_float(&left).partial_cmp(&as_float(&right)).ok_or(NOT_A_NUMBER),
    };
    Ok(exact)
}

/// An integer beside a float, without rounding it.
fn mixed(whole: i64, float: f64) -> Ordering {
    // Outside of these the integer does not matter, and inside the float's whole part fits.
    if float.abs() >= 1e19 {
        return 0_f64.total_cmp(&float);
    }
    let floor = float.floor();
    i128::from(whole).cmp(&(floor as i128)).then(if float > floor { Ordering::Less } else { Ordering::Equal })
}

fn as_float(number: &Data) -> f64 {
    match number {
        Data::Int(number) => *number as f64,
        Data::Float(number) => *number,
        other => panic!("{other:?} is no number"),
    }
}

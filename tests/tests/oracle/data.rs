//! Values of the test's own: what a journey computes with, its texts and numbers, and what the product's values are in them.

use std::fmt;

use serde_json::Value as Json;
use wayfarer_lang::Value;

/// A value. `==` is strict here: it tells 1 from 1.0 and one order of fields from another.
#[derive(Clone, PartialEq)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Data>),
    Map(Vec<(String, Data)>),
    /// A secret text.
    Hidden(String),
}

/// Why an evaluation gave no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// For the reason that this word stands for.
    Word(&'static str),
    /// A value has become so large that the bounds of the product count, which the interpreter leaves out.
    Outgrown,
}

pub(crate) type Eval<T> = Result<T, Fault>;

pub(crate) const NOT_A_NUMBER: Fault = Fault::Word("not-a-number");
pub(crate) const OVERFLOW: Fault = Fault::Word("overflow");

/// As it is written in a file.
impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden(text) => write!(f, "[secret {text}]"),
            plain => f.write_str(&plain.to_literal()),
        }
    }
}

impl Data {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The column "as a condition".
    pub(crate) fn truth(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) | Self::Int(0) => false,
            Self::Float(number) => *number != 0.0,
            _ => true,
        }
    }

    /// The column "to string".
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            other => other.to_json(),
        }
    }

    /// JSON without blanks.
    pub(crate) fn to_json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(truth) => truth.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => float(*number),
            Self::Text(text) => quoted(text),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::to_json).collect();
                format!("[{}]", items.join(","))
            }
            Self::Map(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|(name, field)| format!("{}:{}", quoted(name), field.to_json())).collect();
                format!("{{{}}}", fields.join(","))
            }
            Self::Hidden(_) => "\"[secret]\"".to_owned(),
        }
    }

    /// The column "to number": an integer or a float.
    pub(crate) fn to_number(&self) -> Eval<Self> {
        match self {
            Self::Int(_) | Self::Float(_) => Ok(self.clone()),
            Self::Bool(truth) => Ok(Self::Int(i64::from(*truth))),
            Self::Text(text) => read_number(text),
            _ => Err(NOT_A_NUMBER),
        }
    }

    pub(crate) fn get(&self, field: &str) -> Option<&Self> {
        match self {
            Self::Map(fields) => fields.iter().find(|(name, _)| name == field).map(|(_, field)| field),
            _ => None,
        }
    }

    /// Roughly how much memory it takes.
    pub(crate) fn weight(&self) -> usize {
        1 + match self {
            Self::Text(text) => text.len(),
            Self::List(items) => items.iter().map(Self::weight).sum(),
            Self::Map(fields) => fields.iter().map(|(name, field)| name.len() + field.weight()).sum(),
            _ => 0,
        }
    }

    /// How many levels it has.
    pub(crate) fn depth(&self) -> usize {
        1 + match self {
            Self::List(items) => items.iter().map(Self::depth).max().unwrap_or_default(),
            Self::Map(fields) => fields.iter().map(|(_, field)| field.depth()).max().unwrap_or_default(),
            _ => 0,
        }
    }

    pub(crate) fn from_product(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Int(number) => Self::Int(*number),
            Value::Float(number) => Self::Float(*number),
            Value::Text(text) => Self::text(&**text),
            Value::Array(items) => Self::List(items.iter().map(Self::from_product).collect()),
            Value::Object(fields) => {
                Self::Map(fields.iter().map(|(name, field)| (name.to_string(), Self::from_product(field))).collect())
            }
            Value::Secret(inner) => match Self::from_product(inner.expose()) {
                Self::Text(text) => Self::Hidden(text),
                other => panic!("a secret that is no text: {other:?}"),
            },
        }
    }

    /// What a client sends.
    pub(crate) fn to_product(&self) -> Value {
        match self {
            Self::Hidden(text) => Value::from(text.as_str()),
            Self::Map(fields) => Value::from(
                fields
                    .iter()
                    .map(|(name, field)| ((&**name).into(), field.to_product()))
                    .collect::<wayfarer_lang::value::Object>(),
            ),
            plain => Value::from(serde_json::from_str::<Json>(&plain.to_literal()).unwrap()),
        }
    }

    /// JSON that reads back as the very same value: a whole float keeps its point.
    pub(crate) fn to_literal(&self) -> String {
        match self {
            Self::Float(number) => format!("{number:?}"),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::to_literal).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|(name, field)| format!("{}: {}", quoted(name), field.to_literal())).collect();
                format!("{{{}}}", fields.join(", "))
            }
            other => other.to_json(),
        }
    }
}

/// The first float that no integer is equal to.
pub(crate) const EDGE: f64 = 9_223_372_036_854_775_808.0;

/// The text of a float is that of the equal integer where there is one.
fn float(number: f64) -> String {
    let size = number.abs();
    if number.fract() == 0.0 && (-EDGE..EDGE).contains(&number) {
        format!("{}", number as i64)
    } else if (1e-6..1e21).contains(&size) {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

/// A text in quotes, as in JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A text is read as a number only if the whole of it is one, without blanks.
fn read_number(text: &str) -> Eval<Data> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let mantissa_end = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
    let (mantissa, exponent) = unsigned.split_at(mantissa_end);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent =
        exponent.strip_prefix(['e', 'E']).map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    if !digits(whole) || !fraction.is_none_or(digits) || !exponent.is_none_or(digits) {
        return Err(NOT_A_NUMBER);
    }
    if fraction.is_none() && exponent.is_none() {
        return text.parse().map(Data::Int).map_err(|_| OVERFLOW);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Data::Float(number)),
        _ => Err(OVERFLOW),
    }
}

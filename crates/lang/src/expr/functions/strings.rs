//! Arguments of `@strings` functions come in; their values go out.

use super::super::error::{EvalCode, Outcome, fault};
use super::super::eval::Evaluated;
use super::std::{count, value};
use super::{Function, Kind, Purity, maybe, one};
use crate::Value;

pub(super) static LENGTH: Function = Function {
    namespace: "strings",
    name: "length",
    parameters: &[one("text", Kind::String)],
    returns: Kind::Integer,
    errors: &[],
    purity: Purity::Pure,
    doc: "How many characters a string has (Unicode scalar values).",
    example: ("@strings.length(\"Zürich\")", "6"),
    call: |machine, arguments| {
        let text = value(arguments, 0)?.as_text().unwrap_or_default();
        machine.charge(text.len() / 1024)?;
        Ok(count(text.chars().count()).into())
    },
};

pub(super) static SUBSTRING: Function = Function {
    namespace: "strings",
    name: "substring",
    parameters: &[one("text", Kind::String), one("start", Kind::Integer), maybe("end", Kind::Integer)],
    returns: Kind::String,
    errors: &[],
    purity: Purity::Pure,
    doc: "The characters from `start` up to `end`, which is not included, or to the end of the string. The first is 0; places after the last are the end.",
    example: ("@strings.substring(\"wayfarer\", 3, 7)", "\"fare\""),
    call: |machine, arguments| {
        let text = value(arguments, 0)?.as_text().unwrap_or_default();
        machine.charge(text.len() / 1024)?;
        let start = place(arguments, 1)?.unwrap_or(0);
        let end = place(arguments, 2)?.unwrap_or(usize::MAX);
        let part: String = text.chars().take(end).skip(start).collect();
        Ok(Value::from(part).into())
    },
};

/// A place in a text, if the argument is given.
fn place(arguments: &[Evaluated<'_>], index: usize) -> Outcome<Option<usize>> {
    if arguments.get(index).is_none() {
        return Ok(None);
    }
    match value(arguments, index)?.as_int().map(usize::try_from) {
        Some(Ok(place)) => Ok(Some(place)),
        _ => fault(EvalCode::BadArgument, "a place in a string is a whole number from 0 on"),
    }
}

//! A text comes in; the same text, as long as it is wanted, goes out.

use super::super::argument::{Arguments, give, text, text_or, within};
use super::super::{Function, Kind, Parameter, Purity, maybe, one};
use super::TEXT;
use crate::expr::MAX_SIZE;
use crate::expr::error::{EvalCode, Outcome};
use crate::expr::eval::{Evaluated, Machine};

const PARAMETERS: &[Parameter] = &[TEXT, one("length", Kind::Integer), maybe("with", Kind::String)];

pub(in super::super) static PAD_START: Function = Function {
    namespace: "strings",
    name: "padStart",
    parameters: PARAMETERS,
    returns: Kind::String,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "The text with `with` (a blank where it is left out) before it, again and again, until it has `length` characters. A longer \
          text stays as it is.",
    example: ("@strings.padStart(\"7\", 3, \"0\")", "\"007\""),
    call: |machine, arguments| pad(machine, arguments, |text, padding| padding + text),
};

pub(in super::super) static PAD_END: Function = Function {
    namespace: "strings",
    name: "padEnd",
    parameters: PARAMETERS,
    returns: Kind::String,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "As `padStart`, but behind the text.",
    example: ("@strings.padEnd(\"ab\", 5, \"-=\")", "\"ab-=-\""),
    call: |machine, arguments| pad(machine, arguments, |text, padding| text.to_owned() + &padding),
};

fn pad<'a>(
    machine: &mut Machine<'_, 'a>,
    arguments: Arguments<'_, 'a>,
    put: fn(&str, String) -> String,
) -> Outcome<Evaluated<'a>> {
    let (text, with) = (text(arguments, 0)?, text_or(arguments, 2, " ")?);
    super::part::not_empty("with", with)?;
    let length = within(arguments, 1, "length", 0..=MAX_SIZE, 0)?;
    machine.charge((text.len() + length) / 512)?;
    let missing = length.saturating_sub(text.chars().count());
    give(machine, put(text, with.chars().cycle().take(missing).collect()))
}

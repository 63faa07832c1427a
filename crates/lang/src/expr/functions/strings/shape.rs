//! A text comes in; the same text in another shape, or its length, goes out.

use super::super::argument::{carried, count, fits, give, text};
use super::super::{CARRIED, Function, Kind, Purity, one};
use super::TEXT;
use crate::expr::error::EvalCode;

pub(in super::super) static LENGTH: Function = Function {
    namespace: "strings",
    name: "length",
    parameters: &[TEXT],
    returns: Kind::Integer,
    errors: &[],
    purity: Purity::Pure,
    doc: "How many characters a string has (Unicode scalar values).",
    example: ("@strings.length(\"Zürich\")", "6"),
    call: |machine, arguments| {
        let text = text(arguments, 0)?;
        machine.charge(text.len() / 1024)?;
        Ok(count(text.chars().count()).into())
    },
};

pub(in super::super) static LOWER: Function = Function {
    namespace: "strings",
    name: "lower",
    parameters: &[TEXT],
    returns: Kind::String,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "The text in lower case, by Unicode's rules and those of no language.",
    example: ("@strings.lower(\"Ann@Example.COM\")", "\"ann@example.com\""),
    call: |machine, arguments| {
        let text = text(arguments, 0)?;
        machine.charge(text.len() / 256)?;
        give(machine, text.to_lowercase())
    },
};

pub(in super::super) static UPPER: Function = Function {
    namespace: "strings",
    name: "upper",
    parameters: &[TEXT],
    returns: Kind::String,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "The text in upper case, by Unicode's rules and those of no language.",
    example: ("@strings.upper(\"straße\")", "\"STRASSE\""),
    call: |machine, arguments| {
        let text = text(arguments, 0)?;
        machine.charge(text.len() / 256)?;
        give(machine, text.to_uppercase())
    },
};

pub(in super::super) static TRIM: Function = Function {
    namespace: "strings",
    name: "trim",
    parameters: &[one("text", CARRIED)],
    returns: CARRIED,
    errors: &[],
    purity: Purity::Pure,
    doc: "The text without the blanks at both ends, line ends among them. Of a secret it is a secret.",
    example: ("@strings.trim(\"  a b \")", "\"a b\""),
    call: |machine, arguments| {
        let text = carried(arguments, 0)?;
        text.give(machine, text.text.trim().to_owned())
    },
};

pub(in super::super) static TRIM_START: Function = Function {
    namespace: "strings",
    name: "trimStart",
    parameters: &[TEXT],
    returns: Kind::String,
    errors: &[],
    purity: Purity::Pure,
    doc: "The text without the blanks at its beginning.",
    example: ("@strings.trimStart(\"  a \")", "\"a \""),
    call: |machine, arguments| give(machine, text(arguments, 0)?.trim_start().to_owned()),
};

pub(in super::super) static TRIM_END: Function = Function {
    namespace: "strings",
    name: "trimEnd",
    parameters: &[TEXT],
    returns: Kind::String,
    errors: &[],
    purity: Purity::Pure,
    doc: "The text without the blanks at its end.",
    example: ("@strings.trimEnd(\"  a \")", "\"  a\""),
    call: |machine, arguments| give(machine, text(arguments, 0)?.trim_end().to_owned()),
};

pub(in super::super) static REPLACE: Function = Function {
    namespace: "strings",
    name: "replace",
    parameters: &[TEXT, one("what", Kind::String), one("with", Kind::String)],
    returns: Kind::String,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "The text with `with` in each place of the string `what`, which must not be empty. `replacePattern` takes a regular expression.",
    example: ("@strings.replace(\"a-b-c\", \"-\", \"/\")", "\"a/b/c\""),
    call: |machine, arguments| {
        let (text, what, with) = (text(arguments, 0)?, text(arguments, 1)?, text(arguments, 2)?);
        super::part::not_empty("what", what)?;
        machine.charge(text.len() / 128)?;
        let places = text.matches(what).count();
        fits((text.len() - places * what.len()).saturating_add(places.saturating_mul(with.len())))?;
        give(machine, text.replace(what, with))
    },
};

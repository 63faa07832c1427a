//! A text and a regular expression of the author's come in; whether and where it matches, and the text with that replaced, goes out.

use regex::{NoExpand, Regex};

use super::super::argument::{Arguments, fits, give, regex, text};
use super::super::signature::pattern;
use super::super::{Function, Kind, Parameter, Purity, one};
use super::TEXT;
use crate::Value;
use crate::expr::error::{EvalCode, Outcome};
use crate::expr::eval::Machine;
use crate::expr::pattern::Language;

const PARAMETERS: &[Parameter] = &[TEXT, pattern("pattern", Language::Regex)];

pub(in super::super) static MATCHES: Function = Function {
    namespace: "strings",
    name: "matches",
    parameters: PARAMETERS,
    returns: Kind::Boolean,
    errors: &[],
    purity: Purity::Pure,
    doc: "Whether the pattern matches somewhere in a text; `^` and `$` hold it to the beginning and the end.",
    example: ("@strings.matches(\"AB-123\", \"^[A-Z]{2}-[0-9]+$\")", "true"),
    call: |machine, arguments| {
        let (text, regex) = both(machine, arguments)?;
        Ok(Value::Bool(regex.is_match(text)).into())
    },
};

pub(in super::super) static EXTRACT: Function = Function {
    namespace: "strings",
    name: "extract",
    parameters: PARAMETERS,
    returns: Kind::Either(&[Kind::Array(&Kind::Either(&[Kind::String, Kind::Null])), Kind::Null]),
    errors: &[],
    purity: Purity::Pure,
    doc: "What the pattern first matches: the whole match, then each of its groups, null for one that took no part. Null if it matches \
          nowhere.",
    example: (
        "@strings.extract(\"ann@example.com\", \"^(.+)@(.+)$\")",
        "[\"ann@example.com\", \"ann\", \"example.com\"]",
    ),
    call: |machine, arguments| {
        let (text, regex) = both(machine, arguments)?;
        // Groups are found by a slower way than whether there is a match.
        machine.charge(text.len() / 4)?;
        let groups = regex
            .captures(text)
            .map(|found| found.iter().map(|group| Value::from(group.map(|group| group.as_str()))).collect::<Vec<_>>());
        machine.admit(Value::from(groups))
    },
};

pub(in super::super) static REPLACE_PATTERN: Function = Function {
    namespace: "strings",
    name: "replacePattern",
    parameters: &[TEXT, pattern("pattern", Language::Regex), one("with", Kind::String)],
    returns: Kind::String,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "The text with the string `with` in the place of each match of the pattern. `with` is taken as it is: `$1` is no group.",
    example: ("@strings.replacePattern(\"044 668-18\", \"[^0-9]\", \"\")", "\"04466818\""),
    call: |machine, arguments| {
        let (text, regex) = both(machine, arguments)?;
        let with = self::text(arguments, 2)?;
        let mut places = 0_usize;
        // Each search may look at all that is left.
        let mut looked = 0;
        for found in regex.find_iter(text) {
            places += 1;
            looked += text.len() - found.start();
            machine.charge(looked / 4096)?;
            looked %= 4096;
        }
        fits(text.len().saturating_add(places.saturating_mul(with.len())))?;
        give(machine, regex.replace_all(text, NoExpand(with)).into_owned())
    },
};

/// The text and the pattern, paid for: a match goes over the text once, in steps that the pattern's size bounds.
fn both<'v, 'a>(machine: &mut Machine<'_, 'a>, arguments: Arguments<'v, 'a>) -> Outcome<(&'v str, &'a Regex)> {
    let text = text(arguments, 0)?;
    machine.charge(text.len() / 16 + 1)?;
    Ok((text, regex(arguments, 1)?))
}

//! Texts come in; their parts, what they are put together to, and what they begin, end with or hold goes out.

use super::super::argument::{Arguments, count, give, items, text, text_or, within};
use super::super::{Function, Kind, Parameter, Purity, maybe, one};
use super::TEXT;
use crate::Value;
use crate::expr::error::{EvalCode, Outcome, fault};
use crate::expr::text::append;

const PART: &[Parameter] = &[TEXT, one("part", Kind::String)];

pub(in super::super) static CONTAINS: Function = Function {
    namespace: "strings",
    name: "contains",
    parameters: PART,
    returns: Kind::Boolean,
    errors: &[],
    purity: Purity::Pure,
    doc: "Whether a string holds the string `part`; every string holds the empty one.",
    example: ("@strings.contains(\"wayfarer\", \"fare\")", "true"),
    call: |machine, arguments| {
        let text = text(arguments, 0)?;
        machine.charge(text.len() / 512)?;
        Ok(Value::Bool(text.contains(part(arguments)?)).into())
    },
};

pub(in super::super) static STARTS_WITH: Function = Function {
    namespace: "strings",
    name: "startsWith",
    parameters: PART,
    returns: Kind::Boolean,
    errors: &[],
    purity: Purity::Pure,
    doc: "Whether a string begins with the string `part`.",
    example: ("@strings.startsWith(\"wayfarer\", \"way\")", "true"),
    call: |_, arguments| Ok(Value::Bool(text(arguments, 0)?.starts_with(part(arguments)?)).into()),
};

pub(in super::super) static ENDS_WITH: Function = Function {
    namespace: "strings",
    name: "endsWith",
    parameters: PART,
    returns: Kind::Boolean,
    errors: &[],
    purity: Purity::Pure,
    doc: "Whether a string ends with the string `part`.",
    example: ("@strings.endsWith(\"ann@example.com\", \"@example.com\")", "true"),
    call: |_, arguments| Ok(Value::Bool(text(arguments, 0)?.ends_with(part(arguments)?)).into()),
};

pub(in super::super) static INDEX_OF: Function = Function {
    namespace: "strings",
    name: "indexOf",
    parameters: PART,
    returns: Kind::Either(&[Kind::Integer, Kind::Null]),
    errors: &[],
    purity: Purity::Pure,
    doc: "The place of the character at which the string `part` first begins; null if it is not there.",
    example: ("@strings.indexOf(\"Zürich\", \"rich\")", "2"),
    call: |machine, arguments| {
        let text = text(arguments, 0)?;
        machine.charge(text.len() / 512)?;
        let before = text.find(part(arguments)?).and_then(|byte| text.get(..byte));
        Ok(Value::from(before.map(|before| count(before.chars().count()))).into())
    },
};

pub(in super::super) static SUBSTRING: Function = Function {
    namespace: "strings",
    name: "substring",
    parameters: &[TEXT, one("start", Kind::Integer), maybe("end", Kind::Integer)],
    returns: Kind::String,
    errors: &[],
    purity: Purity::Pure,
    doc: "The characters from `start` up to `end`, which is not included, or to the end of the string. The first is 0; places after \
          the last are the end.",
    example: ("@strings.substring(\"wayfarer\", 3, 7)", "\"fare\""),
    call: |machine, arguments| {
        let text = text(arguments, 0)?;
        machine.charge(text.len() / 1024)?;
        let start = within(arguments, 1, "start", 0..=usize::MAX, 0)?;
        let end = within(arguments, 2, "end", 0..=usize::MAX, usize::MAX)?;
        let part: String = text.chars().take(end).skip(start).collect();
        Ok(Value::from(part).into())
    },
};

pub(in super::super) static SPLIT: Function = Function {
    namespace: "strings",
    name: "split",
    parameters: &[TEXT, one("by", Kind::String), maybe("most", Kind::Integer)],
    returns: Kind::Array(&Kind::String),
    errors: &[],
    purity: Purity::Pure,
    doc: "The parts of a text between the places of the string `by`, which must not be empty; with `most` so many parts at most, the \
          last with all that is left.",
    example: ("@strings.split(\"a,b,c\", \",\")", "[\"a\", \"b\", \"c\"]"),
    call: |machine, arguments| {
        let (text, by) = (text(arguments, 0)?, text(arguments, 1)?);
        not_empty("by", by)?;
        machine.charge(text.len() / 256)?;
        let most = within(arguments, 2, "most", 1..=usize::MAX, usize::MAX)?;
        machine.admit(Value::from(text.splitn(most, by).map(Value::from).collect::<Vec<_>>()))
    },
};

pub(in super::super) static JOIN: Function = Function {
    namespace: "strings",
    name: "join",
    parameters: &[one("list", Kind::Array(&Kind::Any)), maybe("between", Kind::String)],
    returns: Kind::String,
    errors: &[EvalCode::TooLarge, EvalCode::SecretUse],
    purity: Purity::Pure,
    doc: "The items one after the other, each as `+` makes text of it, with `between` between them.",
    example: ("@strings.join([\"a\", 1, true], \"-\")", "\"a-1-true\""),
    call: |machine, arguments| {
        let between = text_or(arguments, 1, "")?;
        let list = items(arguments, 0)?;
        machine.charge(list.len() / 16)?;
        let mut out = String::new();
        for (index, item) in list.iter().enumerate() {
            if index > 0 {
                append(&Value::from(between), &mut out)?;
            }
            append(item, &mut out)?;
        }
        give(machine, out)
    },
};

fn part<'v>(arguments: Arguments<'v, '_>) -> Outcome<&'v str> {
    text(arguments, 1)
}

/// Refuses an empty text where it would be everywhere.
pub(super) fn not_empty(name: &str, text: &str) -> Outcome<()> {
    if text.is_empty() {
        return fault(EvalCode::BadArgument, format!("`{name}` must not be empty"));
    }
    Ok(())
}

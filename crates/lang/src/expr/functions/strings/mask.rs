//! A text comes in; the same with most of its characters hidden goes out.

use super::super::argument::{give, text, text_or, within};
use super::super::{Function, Kind, Purity, maybe};
use super::TEXT;
use crate::expr::error::{EvalCode, fault};

pub(in super::super) static MASK: Function = Function {
    namespace: "strings",
    name: "mask",
    parameters: &[TEXT, maybe("shown", Kind::Integer), maybe("with", Kind::String)],
    returns: Kind::String,
    errors: &[EvalCode::TooLarge],
    purity: Purity::Pure,
    doc: "The text with `with` (one character, `*` where it is left out) in the place of each character but the last `shown` (4 where \
          it is left out), and of never fewer than half of them. Before an `@` only the first character is shown, and all that \
          follows the last `@`. A secret is not taken: it is shown in no form.",
    example: (
        "[@strings.mask(\"+41446681800\"), @strings.mask(\"ann@example.com\")]",
        "[\"********1800\", \"a**@example.com\"]",
    ),
    call: |machine, arguments| {
        let text = text(arguments, 0)?;
        let with = text_or(arguments, 2, "*")?;
        if with.chars().count() != 1 {
            return fault(EvalCode::BadArgument, "`with` is one character");
        }
        let shown = within(arguments, 1, "shown", 0..=64, 4)?;
        machine.charge(text.len() / 256)?;
        let masked = match text.rsplit_once('@') {
            Some((name, domain)) => {
                let length = name.chars().count();
                let first = name.chars().take(usize::from(length > 1));
                let hidden = with.repeat(length.saturating_sub(1).max(1));
                first.collect::<String>() + &hidden + "@" + domain
            }
            None => {
                let length = text.chars().count();
                let hidden = length - shown.min(length / 2);
                with.repeat(hidden) + &text.chars().skip(hidden).collect::<String>()
            }
        };
        give(machine, masked)
    },
};

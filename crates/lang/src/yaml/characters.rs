//! The text of a file comes in; a finding for each character that hides or distorts text comes out (R91).

use crate::code::Code;
use crate::diagnostic::{Certainty, Diagnostic, Findings, Fix, is_bidirectional, quoted};
use crate::text::Span;

/// Looks at every character, up to `limit` findings. Says also whether the text may still be read as YAML: characters
/// that change direction are ordinary text to YAML, while control characters may end it or break its lines.
pub(super) fn inspect(text: &str, limit: usize) -> (bool, Findings) {
    let (mut readable, mut findings) = (true, Findings::new());
    for (offset, character) in text.char_indices() {
        let span = Span::from_range(offset..offset + character.len_utf8());
        if is_bidirectional(character) {
            let message =
                format!("the character {} changes the direction of text", quoted(character.encode_utf8(&mut [0; 4])));
            let help =
                format!("delete it, or write `\\u{:04X}` in double quotes where it is meant", u32::from(character));
            let fix = Fix::replace(Certainty::Likely, span, "");
            findings.push(Diagnostic::error(Code::BIDI_CHARACTER, span, message).help(help).fix(fix));
        } else if !(is_printable(character) || character == '\u{feff}' && offset == 0) {
            readable = false;
            let message = format!("the character {} is not allowed in a text file", name(character));
            let fix = Fix::replace(Certainty::Likely, span, "");
            findings.push(Diagnostic::error(Code::CONTROL_CHARACTER, span, message).help("delete it").fix(fix));
        } else {
            continue;
        }
        if findings.len() >= limit {
            findings.push(Diagnostic::note(
                Code::TOO_MANY_FINDINGS,
                span,
                "reading stopped here, after too many mistakes",
            ));
            return (false, findings);
        }
    }
    (readable, findings)
}

/// Whether the character may stand in a file only as an escape.
pub(crate) fn is_refused(character: char) -> bool {
    is_bidirectional(character) || !is_printable(character)
}

/// YAML's printable characters (1.2.2 section 5.1), without those that only some tools take for a line break (NEL, LS,
/// PS): a file must have the same lines for its author and for us.
fn is_printable(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => !character.is_control(),
    }
}

fn name(character: char) -> String {
    match character {
        '\0' => "`NUL`".to_owned(),
        '\u{1b}' => "`ESC`".to_owned(),
        '\u{feff}' => "`U+FEFF` (a byte order mark inside of the file)".to_owned(),
        other => format!("`U+{:04X}`", u32::from(other)),
    }
}

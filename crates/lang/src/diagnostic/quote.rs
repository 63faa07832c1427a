//! Text of a user comes in; the same in back-ticks comes out, safe to show on a terminal.

/// Longer text is cut, so that a message stays a sentence.
const LONGEST: usize = 64;

/// `text` in back-ticks: control and invisible direction characters are escaped as `\u{…}`, and what is longer
/// than 64 characters ends in `…`.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LONGEST * 4) + 2);
    out.push('`');
    let mut characters = text.chars();
    for character in characters.by_ref().take(LONGEST) {
        show(character, &mut out);
    }
    if characters.next().is_some() {
        out.push('…');
    }
    out.push('`');
    out
}

/// The text of a finding, in one line whatever names of a user stand in it: the last line of defence behind [`quoted`].
pub(super) fn one_line(text: String) -> String {
    if !text.chars().any(is_unsafe) {
        return text;
    }
    let mut out = String::with_capacity(text.len() * 2);
    text.chars().for_each(|character| show(character, &mut out));
    out
}

fn show(character: char, out: &mut String) {
    if is_unsafe(character) {
        out.extend(character.escape_unicode());
    } else {
        out.push(character);
    }
}

/// Whether a character would break a line, steer a terminal, or turn the text around it.
fn is_unsafe(character: char) -> bool {
    character.is_control() || is_bidirectional(character)
}

/// Characters that change the direction of the text around them, and so can make a file look like what it is not
/// (the characters of "Trojan Source", CVE-2021-42574, and the marks LRM, RLM and ALM).
pub(crate) const fn is_bidirectional(character: char) -> bool {
    matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;

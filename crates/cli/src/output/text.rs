//! Text of a user or an author comes in; the same goes out, unable to steer the terminal that shows it.

use std::fmt::Write;

/// `text` with control and direction characters as `\u{…}`; line breaks stay.
pub(crate) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\n' || !steers(character) {
            out.push(character);
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "{}", character.escape_unicode());
        }
    }
    out
}

/// Control characters, and those that turn the direction of text (CVE-2021-42574).
const fn steers(character: char) -> bool {
    matches!(character, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}')
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests;

//! Text of an author comes in; the same in one line goes out, with nothing in it that steers or turns what shows it.

use crate::diagnostic::is_bidirectional;

/// White space becomes a blank; a control character, one that turns the direction of text (CVE-2021-42574) and one that no XML may hold
/// become `�`, so that it is seen that there is one.
pub fn plain(text: &str) -> String {
    let shown = |character: char| match character {
        _ if character.is_whitespace() => ' ',
        '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        _ if character.is_control() || is_bidirectional(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests;

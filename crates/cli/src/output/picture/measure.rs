//! Text of an author comes in; how wide it is at most, the part of it that there is room for, and its escaped form go out.

use std::fmt::Write;

use wayfarer_lang::graph::plain;

/// How wide a letter of the fonts in the style sheet is, in parts of its size, with a little to spare.
const LETTER: f64 = 0.61;
/// The same for letters that may come from any other font.
const FOREIGN: f64 = 1.1;

/// The width of a text in the fixed-width fonts of the style sheet.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { LETTER } else { FOREIGN }).sum::<f64>() * size
}

/// The text, its middle left out if it has more letters than `most`: ids often differ at their end.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = plain(text);
    let count = text.chars().count();
    if count <= most {
        return text;
    }
    let (first, last) = (most / 2, most.saturating_sub(most / 2 + 1));
    let head: String = text.chars().take(first).collect();
    let tail: String = text.chars().skip(count - last).collect();
    format!("{head}…{tail}")
}

/// Exits beside an arrow: as many as there is room for, and how many more there are.
pub(super) fn exits(names: &[impl AsRef<str>], most: usize) -> String {
    let mut out = String::new();
    for (place, name) in names.iter().enumerate() {
        let name = cut(name.as_ref(), most);
        if place > 0 && out.chars().count() + name.chars().count() + 2 > most {
            let _ = write!(out, " +{}", names.len() - place);
            break;
        }
        if place > 0 {
            out.push_str(", ");
        }
        out.push_str(&name);
    }
    out
}

/// Text for a place between tags or in double quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests;

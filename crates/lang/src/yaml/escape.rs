//! A text in quotes as the file has it comes in; which of its characters are escaped comes out.

use super::Style;

/// A character of a text that the file writes as an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escape {
    /// Where its bytes end in the text.
    pub end: usize,
    /// How many bytes more the file has for it; fewer for a separator of lines.
    pub longer: isize,
}

/// The escapes of a text that stands in quotes on one line; none if they do not explain how `raw` becomes `value`.
pub(super) fn escapes(raw: &str, style: Style, value: &str) -> Option<Vec<Escape>> {
    let inner = raw.get(1..raw.len().checked_sub(1)?)?;
    if inner.contains(['\n', '\r']) {
        return None;
    }
    let (mut rest, mut end, mut escapes) = (inner, 0, Vec::new());
    while let Some(first) = rest.chars().next() {
        let (written, meant) = match (style, first) {
            (Style::SingleQuoted, '\'') => (2, 1),
            (Style::DoubleQuoted, '\\') => escape(rest)?,
            _ => (first.len_utf8(), first.len_utf8()),
        };
        end += meant;
        if written != meant {
            escapes.push(Escape { end, longer: written.checked_signed_diff(meant)? });
        }
        rest = rest.get(written..)?;
    }
    (end == value.len() && !escapes.is_empty()).then_some(escapes)
}

/// The bytes of the escape that `text` begins with, and of the character that it means.
fn escape(text: &str) -> Option<(usize, usize)> {
    let digits = match text.chars().nth(1)? {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        // The next line, a blank that does not break.
        'N' | '_' => return Some((2, 2)),
        // The separators of lines and of paragraphs.
        'L' | 'P' => return Some((2, 3)),
        other => return Some((1 + other.len_utf8(), 1)),
    };
    let code = u32::from_str_radix(text.get(2..2 + digits)?, 16).ok()?;
    match char::from_u32(code) {
        Some(character) => Some((2 + digits, character.len_utf8())),
        // The first half of a pair.
        None => Some((2 * (2 + digits), 4)),
    }
}

/// The place between the quotes at which the file has the byte at `offset` of the text.
pub(super) fn written(escapes: &[Escape], offset: usize) -> usize {
    let before = escapes.iter().take_while(|escape| escape.end <= offset);
    before.fold(offset, |offset, escape| offset.saturating_add_signed(escape.longer))
}

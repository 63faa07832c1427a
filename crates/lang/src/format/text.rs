//! A text comes in; which line and column a place has, and what stands above it, come out.

use crate::text::Span;

/// A text and where its lines begin.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let breaks = |(index, byte): (usize, &u8)| {
            let breaks = *byte == b'\n' || *byte == b'\r' && bytes.get(index + 1) != Some(&b'\n');
            breaks.then_some(index + 1)
        };
        // A byte order mark takes no column.
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, starts: std::iter::once(first).chain(bytes.iter().enumerate().filter_map(breaks)).collect() }
    }

    /// The number of the line, from 0.
    pub(super) fn line(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset as usize).saturating_sub(1)
    }

    fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or_default()
    }

    /// Bytes before the place on its line; of what begins a block or a line, these are blanks and marks.
    pub(super) fn column(&self, offset: u32) -> usize {
        (offset as usize).saturating_sub(self.start(self.line(offset)))
    }

    /// Whether only such characters stand before the place on its line. It looks backwards, for a line may hold very many
    /// places, and most of them end the search at once.
    pub(super) fn begins(&self, place: Span, characters: &[char]) -> bool {
        let start = self.start(self.line(place.start));
        self.text
            .get(start..place.start as usize)
            .is_some_and(|before| before.chars().rev().all(|c| characters.contains(&c)))
    }

    /// Whether a blank line stands above what begins a line at the place.
    pub(super) fn blank_above(&self, place: Span) -> bool {
        let line = self.line(place.start);
        let Some(above) = line.checked_sub(1) else { return false };
        let is_blank = || {
            let above = self.text.get(self.start(above)..self.start(line)).unwrap_or("#");
            above.chars().all(char::is_whitespace)
        };
        self.begins(place, &[' ', '\t', '-', '?']) && is_blank()
    }
}

//! The text of a file comes in; places in it come out, as byte spans and as lines and columns for people.

use std::ops::Range;
use std::sync::Arc;

/// The most bytes that a source text has.
pub const LARGEST: usize = 1024 * 1024;

/// A range of bytes in one source text. Offsets fit in 32 bits because a source has at most [`LARGEST`] bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte; never before `start`.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to `end`; an `end` before `start` gives an empty span.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// The empty span at `offset`.
    pub const fn at(offset: u32) -> Self {
        Self { start: offset, end: offset }
    }

    /// The span of a range of byte offsets; offsets past 4 GiB are cut there.
    pub fn from_range(range: Range<usize>) -> Self {
        let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self::new(cut(range.start), cut(range.end))
    }

    /// The same range as offsets for `str::get`.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `offset` lies in the span, its end included: a cursor behind the last character still touches it.
    pub const fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, counted in characters (Unicode scalar values).
    pub column: u32,
}

/// One source text with its name and an index of its lines; a clone is cheap.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    line_starts: Arc<[u32]>,
}

impl Source {
    /// Indexes `text`; `name` is what people see in front of a place, normally the path as they wrote it.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        Self { name: name.into(), line_starts: line_starts(&text), text }
    }

    /// Like [`Source::new`], for bytes that may not be UTF-8: unreadable bytes show as `U+FFFD`, and all
    /// offsets up to the first of them are exact. Bytes past the first MiB are left out, for no reader takes them.
    pub fn from_bytes(name: impl Into<Arc<str>>, bytes: &[u8]) -> Self {
        Self::new(name, String::from_utf8_lossy(bytes.get(..LARGEST).unwrap_or(bytes)))
    }

    /// The name given to [`Source::new`].
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text under `span`; empty when the span is not a range of whole characters of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a byte offset. An offset past the end counts as the end, one inside a character as
    /// that character's start.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let line_start = self.line_starts.get(line - 1).map_or(0, |start| *start as usize);
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(line_start..end).unwrap_or_default();
        // A byte order mark takes no column: no editor shows it.
        let characters = before.strip_prefix('\u{feff}').unwrap_or(before).chars().count();
        Position { line: number(line), column: number(characters + 1) }
    }

    /// The text of a 1-based line, without its line break.
    pub fn line(&self, line: u32) -> Option<&str> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.line_starts.get(index)? as usize;
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        Some(self.text.get(start..end)?.trim_end_matches(['\n', '\r']))
    }
}

/// A line ends with `\n`, `\r\n` or a lone `\r`, as YAML has it.
fn line_starts(text: &str) -> Arc<[u32]> {
    let bytes = text.as_bytes();
    let starts = bytes.iter().enumerate().filter_map(|(index, byte)| {
        let breaks = *byte == b'\n' || *byte == b'\r' && bytes.get(index + 1) != Some(&b'\n');
        breaks.then(|| number(index + 1))
    });
    std::iter::once(0).chain(starts).collect()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;

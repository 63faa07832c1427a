//! A read value and its place come in; typed views of it, plain values and exact places inside it come out.

use std::ops::Range;
use std::sync::Arc;

use super::escape::{self, Escape};
use crate::text::Span;
use crate::value::{Object, Value};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The whole value: with its quotes or brackets, without comments and blank space around it. A value that is
    /// simply left out (`key:`) has an empty span behind its key.
    pub span: Span,
    /// The value.
    pub kind: NodeKind,
}

/// The values of the YAML 1.2 core schema.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// `null`, `~`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that fits in 64 bits.
    Int(i64),
    /// A finite number with a fraction or an exponent.
    Float(f64),
    /// Anything in quotes or in a block, and plain text that is none of the above.
    Text(Text),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the file. Keys are [`NodeKind::Text`] and unique.
    Mapping(Vec<(Node, Node)>),
    /// A value that was refused and already has its finding (an alias, a tagged value, a number that does not fit):
    /// say nothing more about it.
    Refused,
}

/// A text value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text that is meant: escapes, quotes and folding resolved.
    pub value: Arc<str>,
    /// How it is written.
    pub style: Style,
    /// Whether the file holds `value` byte for byte, so that places inside it are exact.
    pub exact: bool,
    /// Where it does not: the escapes of a text in quotes on one line, in order, by which places inside it are exact all
    /// the same.
    pub escapes: Arc<[Escape]>,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`: lines are kept.
    Literal,
    /// `>`: lines are joined.
    Folded,
}

impl Node {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&Arc<str>> {
        match &self.kind {
            NodeKind::Text(text) => Some(&text.value),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The keys and values, if it is a mapping.
    pub fn as_mapping(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value under `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.iter().find(|(name, _)| name.as_text().is_some_and(|name| &**name == key)).map(|(_, v)| v)
    }

    /// Whether it was refused, and nothing more is to be said about it.
    pub const fn is_refused(&self) -> bool {
        matches!(self.kind, NodeKind::Refused)
    }

    /// What it is, for messages: `a text`, `a list`.
    pub const fn describe(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Int(_) | NodeKind::Float(_) => "a number",
            NodeKind::Text(_) => "a text",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Mapping(_) => "a mapping",
            NodeKind::Refused => "a refused value",
        }
    }

    /// The plain value; what was refused is null.
    pub fn to_value(&self) -> Value {
        match &self.kind {
            NodeKind::Null | NodeKind::Refused => Value::Null,
            NodeKind::Bool(value) => Value::Bool(*value),
            NodeKind::Int(value) => Value::Int(*value),
            NodeKind::Float(value) => Value::Float(*value),
            NodeKind::Text(text) => Value::Text(Arc::clone(&text.value)),
            NodeKind::Sequence(items) => Value::Array(Arc::new(items.iter().map(Self::to_value).collect())),
            NodeKind::Mapping(entries) => Value::Object(Arc::new(
                entries
                    .iter()
                    .filter_map(|(key, value)| Some((Arc::clone(key.as_text()?), value.to_value())))
                    .collect::<Object>(),
            )),
        }
    }

    /// Whether it is a text in which places are exact.
    pub fn is_exact(&self) -> bool {
        matches!(&self.kind, NodeKind::Text(Text { exact, escapes, .. }) if *exact || !escapes.is_empty())
    }

    /// The place in the file of a byte range of the text's `value`. It is exact for text in one line; otherwise, and for
    /// what is no text, it is the place of the whole value.
    pub fn inner_span(&self, range: Range<usize>) -> Span {
        let NodeKind::Text(Text { style, escapes, .. }) = &self.kind else { return self.span };
        if !self.is_exact() {
            return self.span;
        }
        let range = escape::written(escapes, range.start)..escape::written(escapes, range.end);
        let quote = if matches!(style, Style::SingleQuoted | Style::DoubleQuoted) { 1 } else { 0 };
        let shift = self.span.start as usize + quote;
        let inner = Span::from_range(range.start.saturating_add(shift)..range.end.saturating_add(shift));
        let last = self.span.end.saturating_sub(u32::from(quote == 1));
        Span::new(inner.start.min(last), inner.end.min(last))
    }
}

//! Finished nodes come in, one after the other; the sequence or mapping that they make comes out, its keys judged.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use granit_parser::StructureStyle;

use super::syntax;
use super::{Node, NodeKind, Style, Text};
use crate::code::Code;
use crate::diagnostic::{Certainty, Diagnostic, Fix};
use crate::text::Span;

/// A collection whose end has not come yet.
pub(super) struct Collection {
    span: Span,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping(Mapping),
}

#[derive(Default)]
struct Mapping {
    entries: Vec<(Node, Node)>,
    /// Where each key first stands.
    seen: HashMap<Arc<str>, Span>,
    next: Next,
}

/// What the next node of a mapping is.
#[derive(Default)]
enum Next {
    #[default]
    Key,
    ValueOf(Node),
    /// The value of a refused key: read for its own mistakes, then dropped.
    Dropped,
}

impl Collection {
    pub(super) fn sequence(style: StructureStyle, span: Span) -> Self {
        Self { span: opening(style, span), content: Content::Sequence(Vec::new()) }
    }

    pub(super) fn mapping(style: StructureStyle, span: Span) -> Self {
        Self { span: opening(style, span), content: Content::Mapping(Mapping::default()) }
    }

    /// Takes the next node. A finding says what is wrong with it as a key.
    pub(super) fn add(&mut self, node: Node, text: &str) -> Option<Diagnostic> {
        match &mut self.content {
            Content::Sequence(items) => {
                items.push(node);
                None
            }
            Content::Mapping(mapping) => mapping.add(node, text),
        }
    }

    /// The finished node; `end` is the place of its end, a bracket if it has one.
    pub(super) fn close(self, end: Span) -> Node {
        let (kind, inside) = match self.content {
            Content::Sequence(items) => {
                let inside = items.first().zip(items.last()).map(|(first, last)| first.span.cover(last.span));
                (NodeKind::Sequence(items), inside)
            }
            Content::Mapping(Mapping { entries, .. }) => {
                let inside = entries.last().map(|(key, value)| self.span.cover(key.span).cover(value.span));
                (NodeKind::Mapping(entries), inside)
            }
        };
        // A block collection has no brackets: it begins with its first child and ends with its last.
        let span = if self.span.is_empty() { inside.unwrap_or(self.span) } else { self.span.cover(end) };
        Node { span, kind }
    }
}

/// The opening bracket, or an empty place if there is none.
fn opening(style: StructureStyle, span: Span) -> Span {
    if style == StructureStyle::Block { Span::at(span.start) } else { span }
}

impl Mapping {
    fn add(&mut self, node: Node, text: &str) -> Option<Diagnostic> {
        match std::mem::take(&mut self.next) {
            Next::Key => {}
            Next::ValueOf(key) => {
                self.entries.push((key, node));
                return None;
            }
            Next::Dropped => return None,
        }
        let Judged { key, finding } = judge(node, text);
        self.next = Next::Dropped;
        let Some((name, node)) = key else { return finding };
        match self.seen.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(node.span);
                self.next = Next::ValueOf(node);
                finding
            }
            Entry::Occupied(first) => {
                finding.or_else(|| Some(syntax::duplicate_key(first.key(), node.span, *first.get())))
            }
        }
    }
}

struct Judged {
    /// The key and its name, if the entry is kept.
    key: Option<(Arc<str>, Node)>,
    finding: Option<Diagnostic>,
}

/// Judges a node as a key. A number, boolean or null is wrong, but stands for what is written there, so that the rest
/// of the entry is still checked.
fn judge(node: Node, text: &str) -> Judged {
    let span = node.span;
    let refused = |what: &str, help: String| {
        let message = format!("a key must be a text, and this is {what}");
        Some(Diagnostic::error(Code::KEY_NOT_TEXT, span, message).help(help))
    };
    match &node.kind {
        NodeKind::Text(Text { value, style: Style::Plain, .. }) if &**value == "<<" => {
            let finding = Diagnostic::error(Code::MERGE_KEY, span, "the merge key `<<` is not allowed");
            Judged { key: None, finding: Some(finding.help("write the keys themselves")) }
        }
        NodeKind::Text(value) => Judged { key: Some((Arc::clone(&value.value), node)), finding: None },
        NodeKind::Refused => Judged { key: None, finding: None },
        NodeKind::Null if span.is_empty() => {
            Judged { key: None, finding: refused("nothing", "write a key before the `:`".to_owned()) }
        }
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => {
            let help = "if a text with brackets is meant, put it in quotes".to_owned();
            Judged { key: None, finding: refused(node.describe(), help) }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_) => {
            let raw = text.get(span.range()).unwrap_or_default();
            let what = if matches!(node.kind, NodeKind::Null) { "null" } else { node.describe() };
            let finding = refused(what, format!("put it in quotes: `\"{raw}\"`"))
                .map(|finding| finding.fix(Fix::quote(Certainty::Certain, span)));
            let value: Arc<str> = Arc::from(raw);
            let kind = NodeKind::Text(Text {
                value: Arc::clone(&value),
                style: Style::Plain,
                exact: true,
                escapes: Arc::from([]),
            });
            Judged { key: Some((value, Node { span, kind })), finding }
        }
    }
}

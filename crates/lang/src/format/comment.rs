//! The comments of a text and a collection come in; each comment, given to what it speaks of, comes out.

use super::text::Lines;
use crate::text::Span;
use crate::yaml::{Node, NodeKind};

/// A comment of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'a> {
    /// With its `#`, without blanks behind it.
    pub(super) text: &'a str,
    pub(super) start: u32,
    pub(super) line: usize,
    pub(super) column: usize,
    /// Whether it has its line for itself.
    pub(super) own_line: bool,
    /// Whether a blank line stands above it.
    pub(super) blank: bool,
}

/// An entry of a mapping or an item of a sequence, with its comments.
#[derive(Debug)]
pub(super) struct Child<'a> {
    pub(super) key: Option<&'a Node>,
    pub(super) value: &'a Node,
    /// Above it.
    pub(super) before: Vec<Comment<'a>>,
    /// Whether a blank line stands above it, below those comments.
    pub(super) blank: bool,
    /// Behind its key, or in its value.
    pub(super) inside: Vec<Comment<'a>>,
    /// On its last line.
    pub(super) after: Option<Comment<'a>>,
    is_block: bool,
}

/// A collection whose comments have found their places.
#[derive(Debug)]
pub(super) struct Attached<'a> {
    /// Above the first child.
    pub(super) lead: Vec<Comment<'a>>,
    pub(super) children: Vec<Child<'a>>,
    /// Below the last child.
    pub(super) tail: Vec<Comment<'a>>,
}

impl Child<'_> {
    fn start(&self) -> u32 {
        self.key.unwrap_or(self.value).span.start
    }

    fn end(&self) -> u32 {
        match self.key {
            // A value that is left out may be placed behind the comment that follows.
            Some(key) if self.value.span.is_empty() => key.span.end,
            _ => self.value.span.end,
        }
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A scalar, or a collection of nothing.
    Leaf,
    /// A collection in brackets.
    Flow,
    /// A collection by indentation.
    Block,
}

/// The shape of a value in a collection that has brackets or not.
pub(super) fn shape(node: &Node, text: &str, in_flow: bool) -> Shape {
    let first = match &node.kind {
        NodeKind::Mapping(entries) => entries.first().map(|(key, _)| key),
        NodeKind::Sequence(items) => items.first(),
        _ => None,
    };
    let Some(first) = first else { return Shape::Leaf };
    let bracket = text.get(node.span.range()).is_some_and(|raw| raw.starts_with(['{', '[']));
    // A block begins where its first child does, and that may be in brackets.
    if in_flow || bracket && first.span.start > node.span.start { Shape::Flow } else { Shape::Block }
}

/// Gives each comment to what it speaks of: to what stands on its line, or else to what comes below it; where nothing
/// comes below, its indentation tells which collection it ends.
pub(super) fn attach<'a>(
    node: &'a Node,
    lines: &Lines<'a>,
    in_flow: bool,
    comments: impl IntoIterator<Item = Comment<'a>>,
) -> Attached<'a> {
    let mut attached = Attached { lead: Vec::new(), children: Vec::new(), tail: Vec::new() };
    let mut comments = comments.into_iter().peekable();
    let column = column(node, lines);
    for (key, value) in pairs(node) {
        let is_block = shape(value, lines.text, in_flow) == Shape::Block;
        let blank = lines.blank_above(key.unwrap_or(value).span);
        let mut child = Child { key, value, before: Vec::new(), blank, inside: Vec::new(), after: None, is_block };
        let (mut last, mut below) = (attached.children.last_mut(), false);
        while let Some(comment) = comments.next_if(|comment| comment.start < child.start()) {
            match &mut last {
                None => attached.lead.push(comment),
                Some(last) => child.before.extend(last.take(comment, lines, column, &mut below)),
            }
        }
        let end = child.end();
        child.inside.extend(std::iter::from_fn(|| comments.next_if(|comment| comment.start < end)));
        attached.children.push(child);
    }
    let (mut last, mut below) = (attached.children.last_mut(), false);
    for comment in comments {
        attached.tail.extend(match &mut last {
            None => Some(comment),
            Some(last) => last.take(comment, lines, column, &mut below),
        });
    }
    attached
}

impl<'a> Child<'a> {
    /// Takes a comment that stands behind this child and before the next, or gives it back if it does not belong here.
    /// Once one does not, those `below` do not either.
    fn take(
        &mut self,
        comment: Comment<'a>,
        lines: &Lines<'_>,
        column: usize,
        below: &mut bool,
    ) -> Option<Comment<'a>> {
        let same_line = !comment.own_line && lines.line(self.end()) == comment.line;
        let deeper = || match self.value.kind {
            NodeKind::Mapping(_) => comment.column >= lines.column(self.value.span.start),
            _ => comment.column > column,
        };
        if self.is_block && (same_line || comment.own_line && !*below && deeper()) {
            self.inside.push(comment);
        } else if same_line && !self.is_block && self.after.is_none() {
            self.after = Some(comment);
        } else {
            *below = true;
            return Some(comment);
        }
        None
    }
}

fn pairs(node: &Node) -> impl Iterator<Item = (Option<&Node>, &Node)> {
    let entries = node.as_mapping().unwrap_or_default().iter().map(|(key, value)| (Some(key), value));
    entries.chain(node.as_sequence().unwrap_or_default().iter().map(|item| (None, item)))
}

/// The column of a block: that of its keys, or of its dashes, which have no place of their own in the tree.
fn column(node: &Node, lines: &Lines<'_>) -> usize {
    match &node.kind {
        NodeKind::Sequence(items) => match items.first() {
            Some(item) if shape(item, lines.text, false) == Shape::Block && item.as_sequence().is_some() => {
                column(item, lines).saturating_sub(2)
            }
            Some(item) => lines.column(item.span.start).saturating_sub(2),
            None => 0,
        },
        _ => lines.column(node.span.start),
    }
}

/// The comments at `places`, in order.
pub(super) fn collect<'a>(lines: &Lines<'a>, places: &[Span]) -> Vec<Comment<'a>> {
    let comment = |place: &Span| Comment {
        text: lines.text.get(place.range()).unwrap_or_default().trim_end(),
        start: place.start,
        line: lines.line(place.start),
        column: lines.column(place.start),
        own_line: lines.begins(*place, &[' ', '\t']),
        blank: lines.blank_above(*place),
    };
    places.iter().map(comment).collect()
}

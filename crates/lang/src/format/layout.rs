//! The tree of a file and its comments come in; its text in the canonical layout comes out.

use super::comment::{Attached, Child, Comment, Shape, attach, shape};
use super::order::Role;
use super::scalar;
use super::text::Lines;
use crate::yaml::{Node, NodeKind, Style, Text};

/// The longest line of a collection in brackets, in characters, comments left out.
const WIDTH: usize = 120;
/// Blanks of a level.
const STEP: usize = 2;
/// A key longer than this stands behind a `?`: the reader looks no further than 1,024 for its colon.
const LONGEST_KEY: usize = 1_000;

/// Lays out the outermost mapping.
pub(super) fn lay_out(root: &Node, lines: &Lines<'_>, comments: Vec<Comment<'_>>) -> String {
    let mut layout = Layout { lines, out: String::with_capacity(lines.text.len()) };
    match shape(root, lines.text, false) {
        Shape::Leaf => {
            comments.iter().for_each(|comment| layout.own_line(0, comment.text));
            layout.own_line(0, "{}");
        }
        shape => layout.collection(
            root,
            Role::Journey,
            comments,
            Place { indent: 0, in_flow: shape == Shape::Flow, compact: false },
        ),
    }
    layout.out
}

struct Layout<'l, 'a> {
    lines: &'l Lines<'a>,
    /// Ends with a whole line, or with the dashes of items whose first line follows.
    out: String,
}

/// Where a collection is laid out.
#[derive(Clone, Copy)]
struct Place {
    indent: usize,
    /// Whether the file has it in brackets.
    in_flow: bool,
    /// Whether its first line stands behind the dash of an item.
    compact: bool,
}

impl<'a> Layout<'_, 'a> {
    fn collection(&mut self, node: &'a Node, role: Role, comments: Vec<Comment<'a>>, place: Place) {
        let Attached { lead, mut children, tail } = attach(node, self.lines, place.in_flow, comments);
        role.sort(&mut children, |child| child.key);
        let begin = self.out.len();
        for comment in lead {
            self.comment(comment, place, begin);
        }
        for (index, mut child) in children.into_iter().enumerate() {
            let place = Place { compact: place.compact && index == 0, ..place };
            for comment in std::mem::take(&mut child.before) {
                self.comment(comment, place, begin);
            }
            self.child(child, role, place, begin);
        }
        for comment in tail {
            self.comment(comment, Place { compact: false, ..place }, begin);
        }
    }

    /// A comment on a line of its own: above the present line if that has begun.
    fn comment(&mut self, comment: Comment<'_>, place: Place, begin: usize) {
        if !place.compact {
            self.blank(comment.blank, begin);
            return self.own_line(place.indent, comment.text);
        }
        let start = self.out.rfind('\n').map_or(0, |at| at + 1);
        let line = self.out.split_off(start);
        self.own_line(line.len() - line.trim_start_matches(' ').len(), comment.text);
        self.out.push_str(&line);
    }

    fn child(&mut self, child: Child<'a>, role: Role, place: Place, begin: usize) {
        let Child { key, value, mut inside, mut after, mut blank, .. } = child;
        let inner_role = role.of(key);
        let key_text = key.map(|key| self.key(key));
        let shape = shape(value, self.lines.text, place.in_flow);
        let opened = shape == Shape::Block
            || shape == Shape::Flow
                && (inner_role == Role::Steps
                    || inside.iter().any(|comment| comment.start >= value.span.start)
                    || !self.fits(value, key_text.as_deref(), place));
        // Behind the key, where what follows begins a line.
        let mut head = None;
        if !opened {
            let header = matches!(&value.kind, NodeKind::Text(Text { style: Style::Literal | Style::Folded, .. }))
                .then(|| inside.pop_if(|comment| !comment.own_line))
                .flatten();
            after = after.or(header);
            for mut comment in inside.drain(..) {
                comment.blank = std::mem::take(&mut blank);
                self.comment(comment, place, begin);
            }
        } else if let Some(key) = key {
            let line = self.lines.line(key.span.end);
            let beside = |first: &Comment<'_>| {
                let same_line = first.line == line || key_text.as_deref().is_some_and(is_long);
                !first.own_line && same_line && first.start < first_place(value)
            };
            if inside.first().is_some_and(beside) {
                head = Some(inside.remove(0));
            }
            if inside.is_empty() && head.is_none() {
                head = after.take();
            }
        }
        if !place.compact {
            self.blank(blank, begin);
            self.indent(place.indent);
        }
        let mark = match &key_text {
            Some(key) if is_long(key) => {
                self.out.push_str(&format!("? {key}\n"));
                self.indent(place.indent);
                ":"
            }
            Some(key) => {
                self.out.push_str(key);
                ":"
            }
            None => "-",
        };
        self.out.push_str(mark);
        if !opened {
            return self.leaf(key.is_some(), value, after, place.indent + STEP);
        }
        inside.extend(after);
        let inner = Place { indent: place.indent + STEP, in_flow: shape == Shape::Flow, compact: key.is_none() };
        if inner.compact {
            self.out.push(' ');
        } else {
            self.end_line(head);
        }
        self.collection(value, inner_role, inside, inner);
    }

    /// A value that begins on the line of its key or its dash.
    fn leaf(&mut self, has_key: bool, value: &Node, after: Option<Comment<'_>>, indent: usize) {
        let raw = self.raw(value);
        let text = match &value.kind {
            NodeKind::Text(text) => text,
            // Left out, and so it stays.
            NodeKind::Null if has_key && value.span.is_empty() => return self.end_line(after),
            _ => {
                let text = self.flow(value, usize::MAX).unwrap_or_default();
                self.out.push(' ');
                self.out.push_str(&text);
                return self.end_line(after);
            }
        };
        self.out.push(' ');
        match text.style {
            Style::Literal | Style::Folded => {
                let Some((header, lines)) = scalar::block(text, raw, self.lines.column(value.span.start)) else {
                    self.out.push_str(&scalar::inline(text, raw));
                    return self.end_line(after);
                };
                self.out.push_str(&header);
                self.end_line(after);
                for line in &lines {
                    self.own_line(if line.is_empty() { 0 } else { indent }, line);
                }
            }
            _ if raw.contains(['\n', '\r']) => {
                for (index, line) in scalar::lines(text.style, raw).into_iter().enumerate() {
                    if index > 0 {
                        self.out.push('\n');
                        self.indent(if line.is_empty() { 0 } else { indent });
                    }
                    self.out.push_str(line);
                }
                self.end_line(after);
            }
            _ => {
                self.out.push_str(&scalar::inline(text, raw));
                self.end_line(after);
            }
        }
    }

    fn fits(&self, value: &Node, key: Option<&str>, place: Place) -> bool {
        let begun = self.out.len() - self.out.rfind('\n').map_or(0, |at| at + 1);
        let before = if place.compact { begun } else { place.indent };
        let mark = key.map_or(2, |key| key.chars().count() + 2);
        WIDTH.checked_sub(before + mark).is_some_and(|room| self.flow(value, room).is_some())
    }

    /// The value on one line, in at most `room` characters.
    fn flow(&self, node: &Node, room: usize) -> Option<String> {
        let raw = self.raw(node);
        let text = match &node.kind {
            NodeKind::Null | NodeKind::Refused => "null".to_owned(),
            NodeKind::Bool(value) => value.to_string(),
            // As it stands: in hexadecimal, with a plus.
            NodeKind::Int(_) | NodeKind::Float(_) => raw.to_owned(),
            NodeKind::Text(_) if raw.contains(['\n', '\r']) => return None,
            NodeKind::Text(text) => scalar::inline(text, raw),
            NodeKind::Sequence(items) if items.is_empty() => "[]".to_owned(),
            NodeKind::Mapping(entries) if entries.is_empty() => "{}".to_owned(),
            NodeKind::Sequence(items) => {
                let items = items.iter().map(|item| self.flow(item, room));
                format!("[{}]", items.collect::<Option<Vec<_>>>()?.join(", "))
            }
            NodeKind::Mapping(entries) => {
                let entry =
                    |(key, value): &(Node, Node)| Some(format!("{}: {}", self.key(key), self.flow(value, room)?));
                format!("{{ {} }}", entries.iter().map(entry).collect::<Option<Vec<_>>>()?.join(", "))
            }
        };
        (text.len() <= room || text.chars().count() <= room).then_some(text)
    }

    fn key(&self, key: &Node) -> String {
        match &key.kind {
            NodeKind::Text(text) => scalar::inline(text, self.raw(key)),
            _ => self.raw(key).to_owned(),
        }
    }

    fn raw(&self, node: &Node) -> &'a str {
        self.lines.text.get(node.span.range()).unwrap_or_default()
    }

    /// A blank line, unless nothing of the collection that began at `begin` stands above it.
    fn blank(&mut self, blank: bool, begin: usize) {
        if blank && self.out.len() > begin {
            self.out.push('\n');
        }
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn own_line(&mut self, indent: usize, text: &str) {
        self.indent(indent);
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn end_line(&mut self, comment: Option<Comment<'_>>) {
        if let Some(comment) = comment {
            self.out.push_str("  ");
            self.out.push_str(comment.text);
        }
        self.out.push('\n');
    }
}

/// Whether the reader would not find the colon behind the key.
fn is_long(key: &str) -> bool {
    key.chars().count() > LONGEST_KEY
}

/// Where the first child of a collection begins.
fn first_place(node: &Node) -> u32 {
    let first = match &node.kind {
        NodeKind::Mapping(entries) => entries.first().map(|(key, _)| key),
        NodeKind::Sequence(items) => items.first(),
        _ => None,
    };
    first.map_or(node.span.end, |first| first.span.start)
}

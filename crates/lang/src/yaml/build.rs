//! Text of decent size comes in; the tree of its first document, and a finding for each refusal, come out.
//!
//! The parser's events are put together on a stack of our own, which never grows past the budget's depth.

use std::borrow::Cow;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError};

use super::collection::Collection;
use super::scalar::{self, Scalar};
use super::{Budget, Node, NodeKind, Style, Text, escape, syntax};
use crate::code::Code;
use crate::diagnostic::{Certainty, Diagnostic, Findings, Fix, quoted};
use crate::text::Span;

/// How often a text may be read again after a repair, as a multiple of the largest text.
const READINGS: usize = 4;

/// Reads the first document of `text`: its root, if that is a mapping, and all findings: those
/// given and what is refused here.
///
/// The parser stops at its first error. Some of them are a single character in a place where any letter would do
/// (`@policy…` without quotes): those are replaced and the text is read again, so that one reading shows all of them.
pub(super) fn build(text: &str, budget: &Budget, findings: &Findings) -> (Option<Node>, Findings) {
    let mut repaired = Cow::Borrowed(text);
    let mut repairs = Vec::new();
    let mut to_read = budget.bytes.saturating_mul(READINGS);
    loop {
        let mut builder = Builder::new(text, budget, &repairs, findings.clone());
        let end = builder.read(&repaired);
        to_read = to_read.saturating_sub(text.len());
        if let End::Error(error) = &end
            && to_read >= text.len()
            && builder.findings.len() + builder.repairs.len() < budget.findings
            && let Some(repair) = syntax::repair(error, &repaired)
        {
            repairs.extend(repair.unquoted);
            repaired = Cow::Owned(repair.text);
            continue;
        }
        return builder.finish(&end);
    }
}

/// Why the events ended.
enum End {
    /// The document was read to its end.
    Document,
    /// The parser could not go on.
    Error(ScanError),
    /// A finding says why we did not want to go on.
    Stopped,
}

struct Builder<'a> {
    text: &'a str,
    budget: &'a Budget,
    /// Offsets of characters that were replaced, each to be reported with the scalar that it begins.
    repairs: Vec<usize>,
    findings: Findings,
    open: Vec<Collection>,
    nodes: usize,
    root: Option<Node>,
    documents: usize,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, budget: &'a Budget, repairs: &[usize], findings: Findings) -> Self {
        let repairs = repairs.to_vec();
        Self { text, budget, repairs, findings, open: Vec::new(), nodes: 0, root: None, documents: 0 }
    }

    /// Takes the events of `repaired`, which differs from `text` only in the repaired characters.
    fn read(&mut self, repaired: &str) -> End {
        let options = granit_parser::options! {
            emit_comments: false,
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            // As every other library reads it: no line feed where the file ends without one.
            block_scalar_eof_without_line_feed: true,
            flow_nesting_limit: self.budget.depth,
            block_nesting_limit: self.budget.depth,
        };
        for event in Parser::new_from_str_with_options(repaired, options) {
            match event {
                Ok((Event::StreamEnd, _)) => return End::Document,
                Ok((event, place)) => {
                    if self.take(event, &place).is_none() {
                        return End::Stopped;
                    }
                }
                Err(error) => return End::Error(error),
            }
        }
        End::Document
    }

    /// Takes one event; `None` means that reading stops here, with a finding that says why.
    fn take(&mut self, event: Event<'_>, place: &granit_parser::Span) -> Option<()> {
        let span = Span::from_range(place.byte_range().unwrap_or_default());
        if event.tag().is_some() {
            let tag = place.tag_span().and_then(|tag| tag.byte_range()).map_or(span, Span::from_range);
            self.refuse(
                Diagnostic::error(Code::TAG, tag, format!("the tag {} is not allowed", self.quoted(tag)))
                    .help("delete it; if a text is meant, put it in quotes"),
            )?;
        }
        match event {
            Event::DocumentStart(explicit, _) => self.start_document(explicit, span),
            Event::Scalar(value, style, _, tag) => {
                self.count(span)?;
                let node = self.scalar(&value, style, span, tag.is_some())?;
                self.place(node)
            }
            Event::SequenceStart(style, ..) => self.open(span, Collection::sequence(style, span)),
            Event::MappingStart(style, ..) => self.open(span, Collection::mapping(style, span)),
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(..) => self.refuse(
                Diagnostic::error(Code::ANCHOR, span, format!("the anchor {} is not allowed", self.quoted(span))).help(
                    "delete it, and write the value again where it is needed; if a text is meant, put it in quotes",
                ),
            ),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse(
                    Diagnostic::error(Code::ALIAS, span, format!("the alias {} is not allowed", self.quoted(span)))
                        .help("write the value itself; if a text is meant, put it in quotes"),
                )?;
                self.count(span)?;
                self.place(Node { span, kind: NodeKind::Refused })
            }
            _ => Some(()),
        }
    }

    fn quoted(&self, span: Span) -> String {
        quoted(self.text.get(span.range()).unwrap_or_default())
    }

    /// Adds a finding; `None` once there are too many. What is added after that is dropped.
    fn refuse(&mut self, finding: Diagnostic) -> Option<()> {
        if self.findings.len() > self.budget.findings {
            return None;
        }
        let span = finding.span;
        self.findings.push(finding);
        if self.findings.len() < self.budget.findings {
            return Some(());
        }
        let message = "reading stopped here, after too many mistakes";
        self.findings.push(Diagnostic::note(Code::TOO_MANY_FINDINGS, span, message));
        None
    }

    fn start_document(&mut self, explicit: bool, span: Span) -> Option<()> {
        self.documents += 1;
        if self.documents > 1 {
            let first = syntax::character(self.text, span.start as usize);
            let place = if explicit { Span::new(span.start, span.start + 3) } else { first };
            let finding = Diagnostic::error(Code::SEVERAL_DOCUMENTS, place, "a second document begins here");
            return self.refuse(finding.help("give each journey a file of its own")).and(None);
        }
        if explicit { self.directives(span.start as usize) } else { Some(()) }
    }

    /// Directives leave no event; they are the lines before the first `---` that begin with `%`.
    fn directives(&mut self, end: usize) -> Option<()> {
        let mut offset = 0;
        for line in self.text.get(..end).unwrap_or_default().split_inclusive(['\n', '\r']) {
            let directive = line.trim_start_matches('\u{feff}');
            if directive.starts_with('%') {
                let start = offset + line.len() - directive.len();
                self.refuse(syntax::directive(start..start + directive.trim_end().len()))?;
            }
            offset += line.len();
        }
        Some(())
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: Span, tagged: bool) -> Option<Node> {
        if let Some(index) = self.repairs.iter().position(|offset| *offset == span.start as usize) {
            self.repairs.swap_remove(index);
            self.refuse(syntax::unquoted(self.text, span))?;
            return Some(Node { span, kind: NodeKind::Refused });
        }
        if tagged {
            return Some(Node { span, kind: NodeKind::Refused });
        }
        let (style, span) = match style {
            ScalarStyle::Plain => return self.plain(value, span),
            ScalarStyle::SingleQuoted => (Style::SingleQuoted, span),
            ScalarStyle::DoubleQuoted => (Style::DoubleQuoted, span),
            ScalarStyle::Literal => (Style::Literal, self.trimmed(span)),
            ScalarStyle::Folded => (Style::Folded, self.trimmed(span)),
        };
        let raw = self.text.get(span.range()).unwrap_or_default();
        let exact = matches!(style, Style::SingleQuoted | Style::DoubleQuoted)
            && raw.len() == value.len() + 2
            && raw.get(1..raw.len() - 1) == Some(value);
        let escapes = if exact { None } else { escape::escapes(raw, style, value) };
        let escapes = escapes.map_or_else(|| Arc::from([]), Arc::from);
        Some(Node { span, kind: NodeKind::Text(Text { value: Arc::from(value), style, exact, escapes }) })
    }

    fn plain(&mut self, value: &str, span: Span) -> Option<Node> {
        // The parser says `~` for a value that is left out; its place is empty.
        let resolved = if span.is_empty() { Scalar::Null } else { scalar::resolve(value) };
        let kind = match resolved {
            Scalar::Null => NodeKind::Null,
            Scalar::Bool(value) => NodeKind::Bool(value),
            Scalar::Int(value) => NodeKind::Int(value),
            Scalar::Float(value) => NodeKind::Float(value),
            Scalar::Text => {
                let exact = self.text.get(span.range()) == Some(value);
                NodeKind::Text(Text { value: Arc::from(value), style: Style::Plain, exact, escapes: Arc::from([]) })
            }
            Scalar::TooLarge => {
                let message = format!("the integer {} does not fit in 64 bits", quoted(value));
                self.refuse(
                    Diagnostic::error(Code::INTEGER_TOO_LARGE, span, message)
                        .help("put it in quotes to make it a text")
                        .fix(Fix::quote(Certainty::Likely, span)),
                )?;
                NodeKind::Refused
            }
            Scalar::NotFinite => {
                let message = format!("the number {} is not finite", quoted(value));
                self.refuse(
                    Diagnostic::error(Code::NOT_FINITE, span, message)
                        .help("write a finite number, or put it in quotes to make it a text"),
                )?;
                NodeKind::Refused
            }
        };
        Some(Node { span, kind })
    }

    /// A block scalar's place without the blank lines behind it.
    fn trimmed(&self, span: Span) -> Span {
        let raw = self.text.get(span.range()).unwrap_or_default();
        let start = span.start as usize;
        Span::from_range(start..start + raw.trim_end().len())
    }

    fn open(&mut self, span: Span, collection: Collection) -> Option<()> {
        self.count(span)?;
        if self.open.len() >= self.budget.depth {
            return self.refuse(syntax::too_deep(span, self.budget.depth)).and(None);
        }
        self.open.push(collection);
        Some(())
    }

    fn close(&mut self, end: Span) -> Option<()> {
        match self.open.pop() {
            Some(collection) => self.place(collection.close(end)),
            None => Some(()),
        }
    }

    fn count(&mut self, span: Span) -> Option<()> {
        self.nodes += 1;
        if self.nodes <= self.budget.nodes {
            return Some(());
        }
        let message = format!("the file holds more than {} values", self.budget.nodes);
        self.refuse(
            Diagnostic::error(Code::TOO_MANY_NODES, span, message)
                .help("split the journey: a part that stands for itself can be a sub-journey"),
        )
        .and(None)
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node) -> Option<()> {
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Some(());
        };
        match parent.add(node, self.text) {
            Some(finding) => self.refuse(finding),
            None => Some(()),
        }
    }

    /// The root, if the whole document could be read, and all findings.
    fn finish(mut self, end: &End) -> (Option<Node>, Findings) {
        let root = self.conclude(end);
        (root, self.findings)
    }

    fn conclude(&mut self, end: &End) -> Option<Node> {
        // A repair that no scalar began with is reported where it stands.
        for offset in std::mem::take(&mut self.repairs) {
            self.refuse(syntax::unquoted(self.text, syntax::character(self.text, offset)))?;
        }
        if let End::Error(error) = end {
            return self.refuse(syntax::explain(error, self.text, self.budget.depth)).and(None);
        }
        let root = self.root.take()?;
        match root.kind {
            NodeKind::Mapping(_) => return Some(root),
            // Nothing behind a `---`.
            NodeKind::Null if root.span.is_empty() => {}
            NodeKind::Refused => {}
            _ => {
                let message =
                    format!("a journey file is a mapping of keys and values, and this is {}", root.describe());
                let finding = Diagnostic::error(Code::NOT_A_MAPPING, root.span, message);
                self.refuse(finding.help("begin the file with `journey: ` and the id of the journey"))?;
            }
        }
        None
    }
}

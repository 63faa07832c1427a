//! Findings and their source come in; drawings with the place underlined, or JSON, go out.

use std::io;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;
use wayfarer_lang::text::{Source, Span};
use wayfarer_lang::{Diagnostic, Findings, Severity};

use super::text::{count, safe};
use crate::console::Console;

/// How many of each weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
}

impl Tally {
    /// Counts more findings.
    pub(crate) fn add(&mut self, findings: &Findings) {
        for finding in findings {
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => self.notes += 1,
            }
        }
    }

    /// In words, as `2 errors and 1 warning`.
    pub(crate) fn words(self) -> String {
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let parts: Vec<_> =
            parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(number, noun)).collect();
        match parts.as_slice() {
            [] => "no findings".to_owned(),
            [one] => one.clone(),
            [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
        }
    }
}

/// All findings of one file: drawn for people, as JSON for machines.
pub(crate) fn mistakes(console: &mut Console, source: &Source, findings: &Findings, json: bool) -> io::Result<()> {
    if json {
        let findings: Vec<_> = findings.iter().map(|finding| finding.to_json(source)).collect();
        return console.print_json(&json!({ "findings": findings }));
    }
    for finding in findings {
        console.say(format_args!("{}\n", draw(source, finding)))?;
    }
    let mut tally = Tally::default();
    tally.add(findings);
    console.say(format_args!("{} in {}", tally.words(), safe(source.name())))
}

/// One finding, drawn: what, where, and the cure.
pub(crate) fn draw(source: &Source, finding: &Diagnostic) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let window = Window::around(source, finding);
    let snippet = Snippet::source(window.text)
        .line_start(window.line)
        .path(safe(source.name()))
        .annotation(AnnotationKind::Primary.span(window.primary))
        .annotations(window.labels.into_iter().map(|(span, text)| AnnotationKind::Context.span(span).label(text)));
    let group = level.primary_title(safe(&finding.message)).id(finding.code.id()).element(snippet);
    let group = match finding.way() {
        Some(way) => group.element(Level::NOTE.message(format!("the way: {}", safe(&way)))),
        None => group,
    };
    let group = match &finding.help {
        Some(help) => group.element(Level::HELP.message(safe(help))),
        None => group,
    };
    Renderer::styled().render(&[group])
}

/// An evaluation that failed, drawn: what happened, its stable word, and where.
pub(crate) fn draw_failed(source: &Source, word: &str, message: &str, span: Span) -> String {
    let place = AnnotationKind::Primary.span(first_lines(source.text(), span).range());
    let snippet = Snippet::source(&**source.text()).path(safe(source.name())).annotation(place);
    Renderer::styled().render(&[Level::ERROR.primary_title(safe(message)).id(word).element(snippet)])
}

/// The part of a text that is worth drawing for one finding.
struct Window<'a> {
    text: &'a str,
    /// The number of its first line.
    line: usize,
    primary: Range<usize>,
    labels: Vec<(Range<usize>, &'a str)>,
}

/// A part longer than this is not drawn: the places are too far apart, or the line is none that people wrote.
const LARGEST: usize = 16 << 10;
/// How much of an overlong line is drawn on each side of the place.
const BESIDE: usize = 512;

impl<'a> Window<'a> {
    /// The lines of the finding's place and of its labels; of an overlong line, what stands around the place.
    fn around(source: &'a Source, finding: &'a Diagnostic) -> Self {
        let text: &str = source.text();
        let labels = finding.labels.iter().map(|label| label.span);
        let near = |span: &Span| span.cover(finding.span).len() as usize <= LARGEST;
        let all = labels.filter(near).fold(finding.span, Span::cover);
        let lines = whole_lines(text, all.range());
        let part = if lines.len() <= LARGEST { lines } else { beside(text, finding.span.range()) };
        let within = |span: Span| {
            let Range { start, end } = span.range();
            let inside = part.start <= start && start <= part.end;
            inside.then(|| start - part.start..end.min(part.end).max(start) - part.start)
        };
        Self {
            text: text.get(part.clone()).unwrap_or_default(),
            line: source.position(Span::from_range(part.clone()).start).line as usize,
            primary: within(first_lines(text, finding.span)).unwrap_or(0..0),
            labels: finding
                .labels
                .iter()
                .filter_map(|label| Some((within(first_lines(text, label.span))?, label.text.as_str())))
                .collect(),
        }
    }
}

/// `range`, widened to whole lines.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let range = range.start.min(text.len())..range.end.min(text.len());
    let start = text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(range.end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| range.end + at);
    start..end
}

/// What stands around the start of `range` on its line, in whole characters.
fn beside(text: &str, range: Range<usize>) -> Range<usize> {
    let at = range.start.min(text.len());
    let line = whole_lines(text, at..at);
    let mut start = at.saturating_sub(BESIDE).max(line.start);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = (at + BESIDE).min(line.end);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    start..end
}

/// A place of many lines is drawn by its first one.
fn first_lines(text: &str, span: Span) -> Span {
    let covered = text.get(span.range()).unwrap_or_default();
    match covered.find('\n') {
        Some(first) if covered.matches('\n').count() > 2 => {
            Span::from_range(span.range().start..span.range().start + first)
        }
        _ => span,
    }
}

#[cfg(test)]
mod tests;

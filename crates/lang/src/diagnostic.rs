//! What a reader or a check found wrong comes in; findings as plain data come out, for people and machines to show.

mod fix;
mod nearest;
mod quote;

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::code::Code;
use crate::text::{Source, Span};

use quote::one_line;

pub use fix::{Certainty, Edit, Fix, apply};
pub use nearest::{did_you_mean, nearest};
pub(crate) use quote::is_bidirectional;
pub use quote::quoted;

/// How much a finding weighs. The order is the weight: an error is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing need change.
    Note,
    /// Probably not what the author means; the journey still runs.
    Warning,
    /// The journey cannot run.
    Error,
}

impl Severity {
    /// The lower-case word for messages and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A further place that belongs to a finding, such as the first of two equal keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there, in a few words.
    pub text: String,
}

/// How many steps of a way are drawn.
const NAMED: usize = 16;

/// A step on a way through a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The step's id.
    pub step: Arc<str>,
    /// The exit by which the way leaves it, or `body` for the way into a loop; none where the way ends.
    pub exit: Option<Arc<str>>,
}

/// One finding: what is wrong, where, and how to cure it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of this sort of finding.
    pub code: Code,
    /// Its weight.
    pub severity: Severity,
    /// One lower-case sentence without a full stop; user text in back-ticks (see [`quoted`]).
    pub message: String,
    /// The cure, in the same style.
    pub help: Option<String>,
    /// The place to underline.
    pub span: Span,
    /// Further places.
    pub labels: Vec<Label>,
    /// The cure, where a program can carry it out.
    pub fix: Option<Box<Fix>>,
    /// The way through the journey that shows it; empty where it takes none.
    pub path: Vec<Hop>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::with_severity(Severity::Error, code, span, message.into())
    }

    /// A warning.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::with_severity(Severity::Warning, code, span, message.into())
    }

    /// A note.
    pub fn note(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::with_severity(Severity::Note, code, span, message.into())
    }

    fn with_severity(severity: Severity, code: Code, span: Span, message: String) -> Self {
        Self {
            code,
            severity,
            message: one_line(message),
            help: None,
            span,
            labels: Vec::new(),
            fix: None,
            path: Vec::new(),
        }
    }

    /// The same finding with its cure.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(one_line(help.into()));
        self
    }

    /// The same finding with a cure that a program can carry out, if there is one.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into().map(Box::new);
        self
    }

    /// The same finding about a name for which `name` was probably meant: the cure is to write that.
    #[must_use]
    pub fn guess(self, name: &str) -> Self {
        let fix = Fix::replace(Certainty::Likely, self.span, name);
        self.help(format!("did you mean `{name}`?")).fix(fix)
    }

    /// The same finding about a name for which `guess` was probably meant; where there is none, with another cure.
    #[must_use]
    pub fn guess_or(self, guess: Option<&str>, help: impl FnOnce() -> String) -> Self {
        match guess {
            Some(guess) => self.guess(guess),
            None => self.help(help()),
        }
    }

    /// The same finding with one more place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: one_line(text.into()) });
        self
    }

    /// The same finding with the way that shows it.
    #[must_use]
    pub fn path(mut self, path: Vec<Hop>) -> Self {
        self.path = path;
        self
    }

    /// The way in one line, such as `start ─then→ verify ─failure→ done`, its middle left out if it is long; none if there is
    /// none.
    pub fn way(&self) -> Option<String> {
        let hop = |hop: &Hop| match &hop.exit {
            Some(exit) => format!("{} ─{exit}→ ", hop.step),
            None => hop.step.to_string(),
        };
        let hops: Vec<_> = self.path.iter().map(hop).collect();
        match hops.as_slice() {
            [] => None,
            [first @ .., _] if hops.len() > NAMED => {
                let last = hops.get(hops.len() - NAMED / 2..).unwrap_or_default();
                let first = first.get(..NAMED / 2).unwrap_or_default();
                Some(one_line(format!("{}… → {}", first.concat(), last.concat().trim_end())))
            }
            _ => Some(one_line(hops.concat().trim_end().to_owned())),
        }
    }

    /// The finding for machines: `code severity message help file line column end_line end_column fix`, and `path` if
    /// a way shows it: `step` and `exit` of each. Lines and columns are 1-based, columns count characters, and the end is the
    /// place after the last character.
    pub fn to_json(&self, source: &Source) -> Json {
        let (start, end) = (source.position(self.span.start), source.position(self.span.end));
        let mut json = json!({
            "code": self.code.id(),
            "severity": self.severity.word(),
            "message": self.message,
            "help": self.help,
            "file": &**source.name(),
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "fix": self.fix.as_ref().map(|fix| fix.to_json(source)),
        });
        if let (false, Some(fields)) = (self.path.is_empty(), json.as_object_mut()) {
            let path = self.path.iter().map(|hop| json!({ "step": &*hop.step, "exit": hop.exit.as_deref() }));
            fields.insert("path".to_owned(), path.collect());
        }
        json
    }
}

/// All findings of one source, gathered along the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Diagnostic>);

impl Findings {
    /// No findings yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one.
    pub fn push(&mut self, finding: Diagnostic) {
        self.0.push(finding);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The findings in their present order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Orders them by place, then by code, and drops exact repetitions.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        self.0.dedup();
    }

    /// Keeps the `most` heaviest findings, in the order of [`Findings::sort`], and a note where the first one was
    /// dropped. What was an error stays one: warnings go before errors do.
    pub fn limit(&mut self, most: usize) {
        self.sort();
        if self.0.len() <= most {
            return;
        }
        self.0.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let dropped = self.0.split_off(most);
        let message = format!("{} more mistakes are not shown", dropped.len());
        let place = dropped.iter().map(|finding| finding.span).min().unwrap_or_default();
        self.push(Diagnostic::note(Code::TOO_MANY_FINDINGS, place, message));
        self.sort();
    }

    /// The findings as a list.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, findings: I) {
        self.0.extend(findings);
    }
}

impl FromIterator<Diagnostic> for Findings {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(findings: I) -> Self {
        Self(findings.into_iter().collect())
    }
}

impl From<Vec<Diagnostic>> for Findings {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self(findings)
    }
}

impl IntoIterator for Findings {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests;

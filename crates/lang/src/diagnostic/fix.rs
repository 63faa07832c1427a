//! A cure that a program can carry out comes in; the text with it comes out.

use serde_json::json;

use crate::text::{Source, Span};

/// How sure a fix is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It changes nothing but what the finding is about, and no journey that is good: it may be applied unseen.
    Certain,
    /// Probably what the author means; somebody must say so.
    Likely,
}

impl Certainty {
    /// The lower-case word for JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
        }
    }
}

/// A place and the text that belongs there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty place is one to insert at.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// Edits that together cure a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// How sure they are.
    pub certainty: Certainty,
    /// The edits, in the order of the text. They do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of one edit.
    pub fn replace(certainty: Certainty, span: Span, text: impl Into<String>) -> Self {
        Self { certainty, edits: vec![Edit { span, text: text.into() }] }
    }

    /// Puts double quotes around what stands at `span`, which holds none.
    pub fn quote(certainty: Certainty, span: Span) -> Self {
        let quote = |at| Edit { span: Span::at(at), text: "\"".to_owned() };
        Self { certainty, edits: vec![quote(span.start), quote(span.end)] }
    }

    /// Takes an entry out of a mapping, with its line or its comma. It is certain if that takes no comment along.
    pub(crate) fn remove(text: &str, key: Span, value: Span) -> Option<Self> {
        let entry = key.cover(value).range();
        let (before, behind) = (text.get(..entry.start)?, text.get(entry.end..)?);
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let rest = behind.find(['\n', '\r']).unwrap_or(behind.len());
        let is_line = |rest: &str| rest.trim_start().is_empty() || rest.trim_start().starts_with('#');
        let range = if before.get(line..)?.trim().is_empty() && behind.get(..rest).is_some_and(is_line) {
            let end = behind.get(rest..).map_or(0, |rest| if rest.starts_with("\r\n") { 2 } else { rest.len().min(1) });
            line..entry.end + rest + end
        } else if let Some(kept) = before.trim_end().strip_suffix(',') {
            kept.len()..entry.end
        } else {
            let rest = behind.trim_start().strip_prefix(',')?.trim_start_matches(' ');
            entry.start..text.len() - rest.len()
        };
        let certainty = if text.get(range.clone())?.contains('#') { Certainty::Likely } else { Certainty::Certain };
        Some(Self::replace(certainty, Span::from_range(range), ""))
    }

    /// The fix for machines: `certainty`, and `edits` with their places as a finding has them and the new `text`.
    pub fn to_json(&self, source: &Source) -> serde_json::Value {
        let edit = |edit: &Edit| {
            let (start, end) = (source.position(edit.span.start), source.position(edit.span.end));
            json!({
                "line": start.line,
                "column": start.column,
                "end_line": end.line,
                "end_column": end.column,
                "text": edit.text,
            })
        };
        json!({ "certainty": self.certainty.word(), "edits": self.edits.iter().map(edit).collect::<Vec<_>>() })
    }
}

/// Applies the fixes that do not get in the way of one before them, and says how many those are.
pub fn apply<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> (String, usize) {
    let mut fixes: Vec<&Fix> = fixes.into_iter().filter(|fix| !fix.edits.is_empty()).collect();
    fixes.sort_by_key(|fix| fix.edits.first().map(|edit| edit.span));
    let (mut out, mut done, mut last, mut count) = (String::with_capacity(text.len()), 0, 0, 0);
    for fix in fixes {
        let mut at = done;
        let mut part = String::new();
        let mut fits = true;
        for edit in &fix.edits {
            let range = edit.span.range();
            // Of two that begin at the same place, nobody knows which comes first.
            fits &= count == 0 || range.start >= done && range.start > last;
            match text.get(at..range.start).filter(|_| text.get(range.clone()).is_some()) {
                Some(kept) => part.extend([kept, &edit.text]),
                None => fits = false,
            }
            at = range.end;
        }
        if fits {
            out.push_str(&part);
            last = fix.edits.last().map_or(last, |edit| edit.span.range().start);
            (done, count) = (at, count + 1);
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    (out, count)
}

#[cfg(test)]
mod tests;

//! The bytes of a journey file come in; the same journey in the canonical layout, its comments kept, comes out.
//!
//! Two blanks for each level. The keys of a journey and of a step stand in the order of `JOURNEY_ORDER` and `STEP_ORDER`,
//! those of everything else as they are. What is in brackets stays so on one line, if it fits there and holds no comment;
//! what is in blocks stays in blocks. Words lose their quotes, other texts keep them: double ones, or single ones where
//! that saves escapes. Expressions, numbers and the lines of long texts stay as they are. Of blank lines, one is kept.

mod comment;
mod layout;
mod order;
mod scalar;
mod text;

use crate::diagnostic::Findings;
use crate::text::LARGEST;
use crate::yaml::{self, Budget};
use order::Role;
use text::Lines;

/// A file that could not be laid out.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The reader refuses it. These are its findings.
    #[error("the file cannot be read")]
    Unreadable(Findings),
    /// It would have more than a MiB.
    #[error("the file would become too large to be read")]
    TooLarge,
    /// The layout would say something else, which is a mistake in this program.
    #[error("the layout would not say what the file says")]
    Unfaithful,
}

/// Lays out a journey file, whatever a check may find in it. The text that comes out is read again before it is given
/// away: it has the same values in the same order, but for the keys of journeys and steps, and the same comments.
///
/// # Errors
/// The reader refuses the file, or the result would be too large.
///
/// ```
/// use wayfarer_lang::format::format;
///
/// let text = format(b"steps: {done: {type: 'complete_journey'}} # all\njourney: hello").unwrap();
/// assert_eq!(text, "journey: hello\nsteps:  # all\n  done: { type: complete_journey }\n");
/// ```
pub fn format(bytes: &[u8]) -> Result<String, FormatError> {
    let budget = Budget::default();
    let (document, findings) = yaml::read(bytes, &budget);
    let (Some(document), Ok(text)) = (document, std::str::from_utf8(bytes)) else {
        return Err(FormatError::Unreadable(findings));
    };
    if findings.has_errors() {
        return Err(FormatError::Unreadable(findings));
    }
    let lines = Lines::new(text);
    let comments = comment::collect(&lines, &yaml::comments(text, &budget));
    let mut words: Vec<&str> = comments.iter().map(|comment| comment.text).collect();
    let formatted = layout::lay_out(document.root(), &lines, comments.clone());
    if formatted.len() > LARGEST {
        return Err(FormatError::TooLarge);
    }
    let (again, findings) = yaml::read(formatted.as_bytes(), &budget);
    let places = yaml::comments(&formatted, &budget);
    let mut kept: Vec<&str> = places.iter().filter_map(|place| formatted.get(place.range())).collect();
    words.sort_unstable();
    kept.sort_unstable();
    let same = |again: &yaml::Document| order::same(document.root(), again.root(), Role::Journey);
    if findings.is_empty() && words == kept && again.as_ref().is_some_and(same) {
        Ok(formatted)
    } else {
        Err(FormatError::Unfaithful)
    }
}

#[cfg(test)]
mod tests;

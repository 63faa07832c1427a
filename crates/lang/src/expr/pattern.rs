//! A pattern that an author has written out comes in; its compiled form goes out, made once, at load, within its bounds.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use serde_json_path::JsonPath;

use crate::Value;
use crate::diagnostic::quoted;

/// The most bytes that a regular expression may take in its compiled form (R97).
const MAX_COMPILED: usize = 256 * 1024;
/// The longest JSONPath, in bytes.
const MAX_PATH: usize = 256;
/// The deepest nesting of brackets in a JSONPath: its parser goes down with each.
const MAX_NESTING: usize = 4;

/// The languages in which a pattern is written. A pattern never comes from data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// A regular expression, without look-around and back-references: matching takes time in proportion to the text (R97).
    Regex,
    /// A JSONPath (RFC 9535), without the functions `match` and `search`.
    JsonPath,
}

impl Language {
    /// What it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Regex => "regular expression",
            Self::JsonPath => "JSONPath",
        }
    }

    /// Compiles a pattern, or says what is wrong with it.
    pub(super) fn compile(self, value: &Value) -> Result<Pattern, String> {
        let Some(text) = value.as_text() else {
            return Err(format!("a {} is a string, and this is {}", self.word(), value.type_name()));
        };
        match self {
            Self::Regex => regex(text).map(Pattern::Regex),
            Self::JsonPath => path(text).map(Pattern::Path),
        }
    }
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) enum Pattern {
    Regex(Regex),
    Path(Arc<Path>),
}

/// A compiled JSONPath, with what drives its cost.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) path: JsonPath,
    /// How often it goes down through everything below a place, or looks at all of a place for a filter.
    pub(super) descents: u32,
    /// How often it begins at the top again within a filter.
    pub(super) restarts: u32,
    /// Into how many it may split what it has found.
    pub(super) splits: u32,
}

fn regex(text: &str) -> Result<Regex, String> {
    let built =
        RegexBuilder::new(text).size_limit(MAX_COMPILED).dfa_size_limit(4 * MAX_COMPILED).nest_limit(32).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => format!("{} takes too much room as a regular expression", quoted(text)),
        // The library draws the place over several lines; its last one says what is wrong.
        error => {
            let told = error.to_string();
            let reason = told.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            format!("{} is no regular expression: {reason}", quoted(text))
        }
    })
}

fn path(text: &str) -> Result<Arc<Path>, String> {
    let mut nesting = 0_usize;
    let mut deepest = 0;
    for character in text.chars() {
        match character {
            '[' | '(' => nesting += 1,
            ']' | ')' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(nesting);
    }
    if text.len() > MAX_PATH || deepest > MAX_NESTING || text.matches('!').count() > MAX_NESTING {
        return Err(format!("a JSONPath has at most {MAX_PATH} bytes, and {MAX_NESTING} levels of brackets"));
    }
    let path = JsonPath::parse(text).map_err(|error| {
        let reason = match error.message() {
            // What the library says where its grammar has no words for it.
            "parser error" => "it cannot be read".to_owned(),
            told => told.to_owned(),
        };
        format!("{} is no JSONPath: {reason} from character {} on", quoted(text), error.position() + 1)
    })?;
    let count = |part: &str| u32::try_from(text.matches(part).count()).unwrap_or(u32::MAX);
    let (descents, splits) = (count("..") + count("?"), count(","));
    Ok(Arc::new(Path { path, descents, restarts: count("$").saturating_sub(1), splits }))
}

#[cfg(test)]
mod tests;

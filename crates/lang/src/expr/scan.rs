//! The text of an expression comes in, before any recursion sees it; what is too long, nested too deeply or left open goes out as an error.

use super::{MAX_DEPTH, MAX_SOURCE, SyntaxError, SyntaxKind};
use crate::Span;

/// An open bracket and how many unbracketed constructs are open inside it.
struct Level {
    open: char,
    at: usize,
    /// `?`, `=>`, `try`, `catch` and `let` nest without a bracket of their own.
    pending: usize,
    /// Whether a `let` is open: then a comma ends only a definition.
    binds: bool,
}

impl Level {
    const fn new(open: char, at: usize) -> Self {
        Self { open, at, pending: 0, binds: false }
    }
}

/// Refuses what no parser should be given.
pub(super) fn check(text: &str) -> Result<(), SyntaxError> {
    if text.len() > MAX_SOURCE {
        let message = format!("the expression is {} bytes long; the limit is {MAX_SOURCE}", text.len());
        return Err(SyntaxError::new(SyntaxKind::Limit, Span::at(0), message)
            .help("split it: put a part of it into a variable with `set_temporary_variables`"));
    }
    scan(text, Until::End).map(|_| ())
}

/// Finds the bracket `close` that closes what was opened just before the start of `text`.
pub(super) fn closing(text: &str, close: char) -> Result<usize, SyntaxError> {
    scan(text, Until::Bracket(close))
}

#[derive(Clone, Copy, PartialEq)]
enum Until {
    End,
    Bracket(char),
}

fn scan(text: &str, until: Until) -> Result<usize, SyntaxError> {
    let mut levels = vec![Level::new(' ', 0)];
    // The constructs that are open in all levels together, and the brackets.
    let mut depth = 0_usize;
    let mut chars = text.char_indices().peekable();
    let mut word_start = None;
    while let Some((at, c)) = chars.next() {
        let outermost = levels.len() == 1;
        let Some(level) = levels.last_mut() else { break };
        if level.open == '`' {
            match c {
                '\\' => drop(chars.next()),
                '`' => {
                    depth -= 1;
                    levels.pop();
                }
                '$' if chars.next_if(|(_, next)| *next == '{').is_some() => {
                    depth += 1;
                    levels.push(Level::new('{', at));
                }
                _ => {}
            }
            continue;
        }
        if c.is_ascii_alphanumeric() || c == '_' {
            let start = *word_start.get_or_insert(at);
            let ends = chars.peek().is_none_or(|(_, next)| !(next.is_ascii_alphanumeric() || *next == '_'));
            if ends {
                word_start = None;
                let word = text.get(start..=at);
                level.binds |= word == Some("let");
                if matches!(word, Some("let" | "try" | "catch")) {
                    level.pending += 1;
                    depth += 1;
                }
            }
        }
        match c {
            '"' | '\'' => {
                let mut closed = false;
                while let Some((_, inner)) = chars.next() {
                    if inner == '\\' {
                        chars.next();
                    } else if inner == c {
                        closed = true;
                        break;
                    }
                }
                if !closed {
                    return Err(open(c, at));
                }
            }
            '`' | '(' | '[' | '{' => {
                depth += 1;
                levels.push(Level::new(c, at));
            }
            ')' | ']' | '}' => {
                if outermost && until == Until::Bracket(c) {
                    return Ok(at);
                }
                let opener = match c {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                if level.open != opener {
                    return Err(unexpected(c, at, level));
                }
                depth -= 1 + level.pending;
                levels.pop();
            }
            ',' if !level.binds => {
                depth -= level.pending;
                level.pending = 0;
            }
            '?' => match chars.peek() {
                Some((_, '?')) => drop(chars.next()),
                Some((_, '.' | '[')) => {}
                _ => {
                    level.pending += 1;
                    depth += 1;
                }
            },
            '=' if chars.next_if(|(_, next)| *next == '>').is_some() => {
                level.pending += 1;
                depth += 1;
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(SyntaxError::too_deep(Span::from_range(at..at + c.len_utf8())));
        }
    }
    match levels.pop() {
        Some(level) if level.open != ' ' => Err(open(level.open, level.at)),
        _ if until == Until::End => Ok(text.len()),
        _ => Err(open('{', 0)),
    }
}

fn open(bracket: char, at: usize) -> SyntaxError {
    let what = match bracket {
        '"' | '\'' | '`' => "text",
        _ => "bracket",
    };
    let span = Span::from_range(at..at + bracket.len_utf8());
    let message = format!("this {what} is never closed");
    let close = match bracket {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        quote => quote,
    };
    SyntaxError::new(SyntaxKind::Syntax, span, message).help(format!("write the closing {}", shown(close)))
}

fn unexpected(close: char, at: usize, level: &Level) -> SyntaxError {
    let span = Span::from_range(at..at + close.len_utf8());
    let message = match level.open {
        ' ' => format!("{} closes nothing", shown(close)),
        open => format!("{} stands where {} is still open", shown(close), shown(open)),
    };
    SyntaxError::new(SyntaxKind::Syntax, span, message)
}

fn shown(c: char) -> String {
    if c == '`' { String::from("back-tick") } else { format!("`{c}`") }
}

#[cfg(test)]
mod tests;

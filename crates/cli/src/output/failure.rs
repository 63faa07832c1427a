//! An error comes in; one line for people goes to stderr and, where a machine reads, an object to stdout.

use std::io;

use anyhow::Error;
use serde_json::{Value, json};

use super::style::{BAD, TITLE, paint};
use super::text::safe;
use crate::console::Console;
use crate::failure::{code, help};

/// Shows why a command failed.
pub(crate) fn show(console: &mut Console, error: &Error, json: bool) -> io::Result<()> {
    console.say(format_args!("{} {}", paint(BAD, "error:"), safe(&sentence(error))))?;
    if let Some(help) = help(error) {
        console.say(format_args!("{} {}", paint(TITLE, "help:"), safe(&help)))?;
    }
    if json {
        console.print_json(&report(error))?;
    }
    Ok(())
}

/// All that a machine gets of a command that failed.
pub(crate) fn report(error: &Error) -> Value {
    json!({ "error": object(error) })
}

/// The error for machines.
pub(crate) fn object(error: &Error) -> Value {
    json!({ "code": code(error), "message": sentence(error) })
}

/// The error and its causes in one line; an error that only repeats its cause is said once.
pub(crate) fn sentence(error: &Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in error.chain().map(ToString::to_string) {
        if !parts.last().is_some_and(|before| before.ends_with(&part)) {
            parts.push(part);
        }
    }
    parts.join(": ")
}

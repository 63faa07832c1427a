//! `fmt`: journey files come in; the same in the canonical layout go out, or the names of those that are not in it.

use std::path::{Path, PathBuf};

use anyhow::{Error, Result};
use serde_json::json;
use wayfarer_lang::format::{FormatError, format};
use wayfarer_lang::text::{LARGEST, Source};

use crate::args::{Fmt, Format};
use crate::console::Console;
use crate::failure::Failure;
use crate::output::failure::{object, show};
use crate::output::findings::draw;
use crate::output::style::{BAD, GOOD, NOTICE, paint};
use crate::output::text::{count, safe};
use crate::{Ending, files};

/// The name for standard input.
const INPUT: &str = "-";

/// What became of the files.
#[derive(Default)]
struct Done {
    files: usize,
    /// Not in the layout, or not until now.
    changed: Vec<String>,
    findings: Vec<serde_json::Value>,
    unreadable: usize,
    failed: Vec<Error>,
    /// Standard output holds a journey.
    printed: bool,
}

/// Lays out all files, also behind one that cannot be read.
pub(crate) fn perform(arguments: &Fmt, console: &mut Console) -> Result<Ending> {
    let json = arguments.format.format == Format::Json;
    let mut done = Done::default();
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in &arguments.paths {
        match files::journeys(path) {
            _ if path == Path::new(INPUT) => input(arguments, json, &mut done, console)?,
            Ok(found) => paths.extend(found),
            Err(error) => done.failed.push(error),
        }
    }
    for path in &paths {
        let name = path.display().to_string();
        let laid_out = files::journey(path).and_then(|bytes| {
            let Some(text) = lay_out(&name, &bytes, json, &mut done, console)? else { return Ok(()) };
            if text.as_bytes() != bytes {
                if !arguments.check && !files::replace(path, &bytes, &text)? {
                    return Err(Failure::new("changed", format!("`{name}` was changed meanwhile")).into());
                }
                if !json {
                    console.print(safe(&name))?;
                }
                done.changed.push(name);
            }
            Ok(())
        });
        done.failed.extend(laid_out.err());
    }
    if json && !done.printed {
        let mut report = json!({ "changed": done.changed, "findings": done.findings });
        if let (Some(error), Some(report)) = (done.failed.first(), report.as_object_mut()) {
            report.insert("error".to_owned(), object(error));
        }
        console.print_json(&report)?;
    } else if !json && !paths.is_empty() {
        sum(&done, arguments.check, console)?;
    }
    for error in &done.failed {
        show(console, error, false)?;
    }
    let bad = done.unreadable > 0 || arguments.check && !done.changed.is_empty();
    Ok(match (done.failed.is_empty(), bad) {
        (false, _) => Ending::Failed,
        (true, true) => Ending::Bad,
        (true, false) => Ending::Good,
    })
}

/// What comes on standard input goes to standard output.
fn input(arguments: &Fmt, json: bool, done: &mut Done, console: &mut Console) -> Result<()> {
    let bytes = console.read_all(LARGEST)?;
    let Some(text) = lay_out(INPUT, &bytes, json, done, console)? else { return Ok(()) };
    if !arguments.check {
        console.print_text(&text)?;
        done.printed = true;
    } else if text.as_bytes() != bytes {
        done.changed.push(INPUT.to_owned());
    }
    Ok(())
}

/// The text in the layout. Where it cannot be read, its findings are shown.
fn lay_out(name: &str, bytes: &[u8], json: bool, done: &mut Done, console: &mut Console) -> Result<Option<String>> {
    done.files += 1;
    let findings = match format(bytes) {
        Ok(text) => return Ok(Some(text)),
        Err(FormatError::Unreadable(findings)) => findings,
        Err(error) => {
            return Err(Failure::new("cannot_format", format!("cannot lay out `{name}`")).because(error).into());
        }
    };
    done.unreadable += 1;
    let source = Source::from_bytes(name, bytes);
    for finding in &findings {
        if json {
            done.findings.push(finding.to_json(&source));
        } else {
            console.say(format_args!("{}\n", draw(&source, finding)))?;
        }
    }
    Ok(None)
}

fn sum(done: &Done, check: bool, console: &mut Console) -> std::io::Result<()> {
    let of = count(done.files, "journey");
    if done.unreadable > 0 {
        console.say(format_args!("{} {} of {of}", paint(BAD, "cannot read"), done.unreadable))?;
    }
    match (done.changed.len(), check) {
        (0, _) => console.say(format_args!("{} to lay out in {of}", paint(GOOD, "nothing"))),
        (changed, true) => console.say(format_args!("{} in {changed} of {of}", paint(NOTICE, "another layout"))),
        (changed, false) => console.say(format_args!("{} {changed} of {of}", paint(GOOD, "laid out"))),
    }
}

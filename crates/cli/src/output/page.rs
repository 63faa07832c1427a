//! A page in Markdown comes in; the same for a terminal goes out: headings painted, code set apart.

use std::fmt::Write;

use super::style::{NAME, QUIET, TITLE, paint};

/// The page for people in a terminal. Without colour it is the Markdown with less noise.
pub(crate) fn terminal(markdown: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            put(&mut out, format_args!("  {}", paint(QUIET, line)));
        } else if let Some(heading) = line.strip_prefix('#') {
            put(&mut out, paint(TITLE, heading.trim_start_matches('#').trim_start()));
        } else {
            put(&mut out, inline(line));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn put(out: &mut String, line: impl std::fmt::Display) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{line}");
}

/// Words in back-ticks are painted; the ticks stay, for those who see no colour.
fn inline(line: &str) -> String {
    let mut out = String::new();
    for (index, part) in line.split('`').enumerate() {
        if index % 2 == 1 {
            let _ = write!(out, "{}", paint(NAME, format_args!("`{part}`")));
        } else {
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests;

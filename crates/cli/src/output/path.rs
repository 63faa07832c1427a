//! A program comes in; the ways that a run may take from its first step are drawn.

use wayfarer_lang::Program;
use wayfarer_lang::program::{Target, Work};

use super::style::{BAD, GOOD, NAME, QUIET, paint};

/// The first step and where each of its exits leads, a line each.
pub(crate) fn crossroads(program: &Program) -> Vec<String> {
    let Some(start) = program.step(program.start()) else { return Vec::new() };
    let mut lines = vec![format!("{}  {}", paint(NAME, &start.id), paint(QUIET, &start.type_name))];
    let width = start.exits.iter().map(|link| link.name.chars().count()).max().unwrap_or_default();
    for (index, link) in start.exits.iter().enumerate() {
        let corner = if index + 1 == start.exits.len() { "└" } else { "├" };
        let line = "─".repeat(width.saturating_sub(link.name.chars().count()) + 1);
        let branch = paint(QUIET, format!("{corner}─ {} {line}▸", link.name));
        lines.push(format!("{branch} {}", target(program, link.target)));
    }
    lines
}

fn target(program: &Program, target: Target) -> String {
    let Target::Step(index) = target else { return paint(BAD, "the run fails").to_string() };
    let Some(step) = program.step(index) else { return String::new() };
    let end = match step.work {
        Work::Complete { .. } => format!("  {}", paint(GOOD, "completed")),
        Work::Reject { .. } => format!("  {}", paint(BAD, "rejected")),
        _ => String::new(),
    };
    format!("{}{end}", paint(NAME, &step.id))
}

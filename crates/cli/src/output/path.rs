//! A program and the steps of a run come in; the way that the run took, or may take, is drawn.

use wayfarer_lang::Program;
use wayfarer_lang::program::{Node, Target, Work};

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

/// The steps that a run has entered, each with the exit by which it was left.
pub(crate) fn taken<S: AsRef<str>>(program: &Program, path: &[S]) -> String {
    let mut drawn = String::new();
    let mut before: Option<&Node> = None;
    for id in path {
        let index = program.find(id.as_ref());
        if let Some(node) = before {
            let link = node.exits.iter().find(|link| matches!(link.target, Target::Step(step) if Some(step) == index));
            let exit = link.map_or("", |link| &*link.name);
            drawn.push_str(&format!(" {} ", paint(QUIET, format!("─{exit}▸"))));
        }
        drawn.push_str(&paint(NAME, id.as_ref()).to_string());
        before = index.and_then(|index| program.step(index));
    }
    drawn
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

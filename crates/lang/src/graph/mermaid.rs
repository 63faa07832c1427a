//! A program comes in; a Mermaid flowchart goes out.

use std::fmt::Write;

use crate::program::{Node, Program, StepIndex, Target, Work};

/// How the sorts of step differ, besides their shapes.
const CLASSES: &str = "  \
  classDef client fill:#e3f2fd,stroke:#1565c0,color:#0d2b4d
  classDef verifying fill:#fff3e0,stroke:#e65100,stroke-width:2px,color:#4a2500
  classDef form fill:#f5f5f5,stroke:#757575,color:#212121
  classDef journey fill:#e0f2f1,stroke:#00695c,color:#06302b
  classDef step fill:#ede7f6,stroke:#5e35b1,color:#1f1046
  classDef completed fill:#e8f5e9,stroke:#2e7d32,color:#12300f
  classDef refused fill:#ffebee,stroke:#c62828,color:#4a0d0d
";

/// Draws a program from top to bottom: each step with its id and type, each exit as an arrow. The same program always
/// gives the same text.
///
/// Shapes tell the sorts apart: a diamond decides, a hexagon is a loop, a slanted box asks the client, a double-edged box verifies a secret,
/// a trapezium plays another journey, a rounded one is an end. Exits with the same target share an arrow; a dotted one leads to the end as failed.
pub fn mermaid(program: &Program) -> String {
    let mut out = String::from("flowchart TD\n");
    let start = program.start();
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "  start((\" \")) --> {}", name(start));
    let mut aborts = false;
    for (index, node) in program.steps().iter().enumerate() {
        let index = StepIndex(u32::try_from(index).unwrap_or(u32::MAX));
        let (open, close, class) = look(node);
        let _ = writeln!(
            out,
            "  {}{open}\"{}<br/><small>{}</small>\"{close}:::{class}",
            name(index),
            escaped(&node.id),
            escaped(what(program, node))
        );
        if let Work::Loop { body, .. } = &node.work {
            let _ = writeln!(out, "  {} -->|\"body\"| {}", name(index), name(*body));
        }
        for (target, exits) in arrows(node) {
            let label = if exits == ["next"] { String::new() } else { format!("|\"{}\"|", escaped(&exits.join(", "))) };
            let _ = match target {
                Target::Step(to) | Target::Continue(to) => writeln!(out, "  {} -->{label} {}", name(index), name(to)),
                Target::Abort => {
                    aborts = true;
                    writeln!(out, "  {} -.->{label} abort", name(index))
                }
            };
        }
    }
    if aborts {
        out.push_str("  abort([\"abort\"]):::refused\n");
    }
    out.push_str(CLASSES);
    out
}

fn name(step: StepIndex) -> String {
    format!("s{}", step.0)
}

/// What a step does: the journey that it plays, or its type.
fn what<'a>(program: &'a Program, node: &'a Node) -> &'a str {
    program.callee(node).unwrap_or(&node.type_name)
}

/// Brackets and class of a step.
fn look(node: &Node) -> (&'static str, &'static str, &'static str) {
    match &node.work {
        Work::Condition { .. } | Work::Match { .. } | Work::IsUserAuthenticated => ("{", "}", "form"),
        Work::Loop { .. } => ("{{", "}}", "form"),
        Work::SetVariables(_) => ("[", "]", "form"),
        Work::Invoke { .. } => ("[/", "\\]", "journey"),
        Work::Complete { .. } => ("([", "])", "completed"),
        Work::Reject { .. } => ("([", "])", "refused"),
        Work::Call { verifies: Some(_), .. } => ("[[", "]]", "verifying"),
        Work::Call { prompts: true, .. } => ("[/", "/]", "client"),
        Work::Call { .. } => ("[", "]", "step"),
    }
}

/// The targets in the order of the exits, each with all its exits.
fn arrows(node: &Node) -> Vec<(Target, Vec<&str>)> {
    let mut arrows: Vec<(Target, Vec<&str>)> = Vec::new();
    for link in &node.exits {
        match arrows.iter_mut().find(|(target, _)| *target == link.target) {
            Some((_, exits)) => exits.push(&link.name),
            None => arrows.push((link.target, vec![&link.name])),
        }
    }
    arrows
}

/// Text for a place in double quotes: nothing in it can end the quotes or begin markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '`' | '|' | '\\' => {
                let _ = write!(out, "#{};", u32::from(character));
            }
            _ if character.is_control() => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests;

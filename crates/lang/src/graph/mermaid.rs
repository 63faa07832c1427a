//! A graph comes in; a Mermaid flowchart goes out.

use std::fmt::Write;

use super::model::Graph;
use super::sort::{CLASSES, Sort, WAY};

/// Draws a journey from top to bottom: each step with its id and type, each exit as an arrow. The same journey always
/// gives the same text.
///
/// Shapes tell the sorts apart: a diamond decides, a hexagon is a loop, a slanted box asks the client, a double-edged box verifies a secret,
/// a trapezium plays another journey, a rounded one is an end. Exits with the same target share an arrow; a dotted one leads to the end as failed.
/// A way that shows what is not proven is thick and dashed.
pub fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart TD\n");
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "  start((\" \")) --> s{}", graph.start);
    let mut arrows = graph.arrows.iter().peekable();
    for (index, node) in graph.nodes.iter().enumerate() {
        let (open, close) = brackets(node.sort);
        let _ = writeln!(
            out,
            "  s{index}{open}\"{}<br/><small>{}</small>\"{close}:::{}",
            escaped(&node.id),
            escaped(node.what()),
            node.sort.class()
        );
        while let Some(arrow) = arrows.next_if(|arrow| arrow.from == index) {
            let label = arrow.label().map(|label| format!("|\"{}\"|", escaped(&label))).unwrap_or_default();
            let _ = match arrow.to {
                Some(to) => writeln!(out, "  s{index} -->{label} s{to}"),
                None => writeln!(out, "  s{index} -.->{label} abort"),
            };
        }
    }
    if graph.arrows.iter().any(|arrow| arrow.to.is_none()) {
        out.push_str("  abort([\"abort\"]):::refused\n");
    }
    for sort in CLASSES {
        let (class, colours) = (sort.class(), sort.colours());
        let width = if sort == Sort::Verifying { ",stroke-width:2px" } else { "" };
        let _ = writeln!(
            out,
            "  classDef {class} fill:{},stroke:{}{width},color:{}",
            colours.fill, colours.line, colours.text
        );
    }
    ways(graph, &mut out);
    out
}

/// What marks the ways; arrows are known by their order, and the first one leads to the start.
fn ways(graph: &Graph, out: &mut String) {
    if graph.ways.is_empty() {
        return;
    }
    let look = format!("stroke:{WAY},stroke-width:4px,stroke-dasharray:10 4");
    let nodes = graph.nodes.iter().enumerate().filter(|(_, node)| node.on_way);
    let nodes: Vec<_> = nodes.map(|(index, _)| format!("s{index}")).collect();
    let arrows = graph.arrows.iter().enumerate().filter(|(_, arrow)| arrow.on_way);
    let arrows: Vec<_> =
        std::iter::once(0).chain(arrows.map(|(index, _)| index + 1)).map(|it| it.to_string()).collect();
    let _ = writeln!(out, "  classDef way {look}\n  class {} way", nodes.join(","));
    let _ = writeln!(out, "  linkStyle {} {look}", arrows.join(","));
}

fn brackets(sort: Sort) -> (&'static str, &'static str) {
    match sort {
        Sort::Decision => ("{", "}"),
        Sort::Loop => ("{{", "}}"),
        Sort::Form | Sort::Step => ("[", "]"),
        Sort::Journey => ("[/", "\\]"),
        Sort::Completed | Sort::Refused => ("([", "])"),
        Sort::Verifying => ("[[", "]]"),
        Sort::Client => ("[/", "/]"),
    }
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

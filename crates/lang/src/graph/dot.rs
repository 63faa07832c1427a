//! A graph comes in; a digraph in the DOT language of Graphviz goes out.

use std::fmt::Write;

use super::model::{Arrow, ArrowKind, Graph, Node};
use super::plain::plain;
use super::sort::{Sort, WAY};

/// What holds for all of it.
const HEAD: &str = r##"  graph [fontname="Helvetica,Arial,sans-serif", labelloc=t, rankdir=TB]
  node [fontname="Helvetica,Arial,sans-serif", fontsize=12, style=filled]
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=10]
"##;

/// Draws a journey with the shapes of [`mermaid`](super::mermaid()). The body of each loop is a cluster. The same journey always gives the
/// same text.
pub fn dot(graph: &Graph) -> String {
    let mut out = format!("digraph {} {{\n{HEAD}", quoted(&graph.id));
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "  label={}", quoted(graph.title.as_deref().unwrap_or(&graph.id)));
    out.push_str("  start [label=\"\", shape=circle, width=0.25, fillcolor=\"#212121\"]\n");
    nodes(graph, &mut out);
    if graph.arrows.iter().any(|arrow| arrow.to.is_none()) {
        let colours = Sort::Refused.colours();
        let _ = writeln!(
            out,
            "  abort [label=\"abort\", class=refused, shape=box, style=\"rounded,filled\", fillcolor=\"{}\", color=\"{}\", fontcolor=\"{}\"]",
            colours.fill, colours.line, colours.text
        );
    }
    let look = if graph.ways.is_empty() { String::new() } else { format!(" [{}]", way()) };
    let _ = writeln!(out, "  start -> s{}{look}", graph.start);
    for it in &graph.arrows {
        arrow(it, &mut out);
    }
    out.push_str("}\n");
    out
}

/// The nodes, those of a loop's body in a cluster right behind the loop.
fn nodes(graph: &Graph, out: &mut String) {
    let mut open: Vec<usize> = Vec::new();
    for (index, it) in graph.nodes.iter().enumerate() {
        while open.last().is_some_and(|home| it.within != Some(*home)) {
            open.pop();
            let _ = writeln!(out, "{}}}", "  ".repeat(open.len() + 1));
        }
        node(index, it, open.len() + 1, out);
        if it.sort == Sort::Loop {
            open.push(index);
            let (label, indent) = (quoted(&format!("body of {}", it.id)), "  ".repeat(open.len()));
            let _ = writeln!(out, "{indent}subgraph cluster_s{index} {{");
            let _ = writeln!(
                out,
                "{indent}  graph [label={label}, labeljust=l, style=\"rounded,filled\", fillcolor=\"#fafafa\", color=\"#bdbdbd\"]"
            );
        }
    }
    while open.pop().is_some() {
        let _ = writeln!(out, "{}}}", "  ".repeat(open.len() + 1));
    }
}

fn node(index: usize, node: &Node, depth: usize, out: &mut String) {
    let shape = match node.sort {
        Sort::Decision => "diamond",
        Sort::Loop => "hexagon",
        Sort::Form | Sort::Step | Sort::Completed | Sort::Refused => "box",
        Sort::Client => "parallelogram",
        Sort::Verifying => "box, peripheries=2",
        Sort::Journey => "trapezium",
    };
    let is_end = matches!(node.sort, Sort::Completed | Sort::Refused);
    let style = match (is_end, node.on_way) {
        (false, false) => "",
        (true, false) => ", style=\"rounded,filled\"",
        (false, true) => ", style=\"filled,dashed\", penwidth=4",
        (true, true) => ", style=\"rounded,filled,dashed\", penwidth=4",
    };
    let (class, colours) = (node.sort.class(), node.sort.colours());
    let line = if node.on_way { WAY } else { colours.line };
    let _ = writeln!(
        out,
        "{}s{index} [label={}, class={class}, shape={shape}{style}, fillcolor=\"{}\", color=\"{line}\", fontcolor=\"{}\"]",
        "  ".repeat(depth),
        quoted(&format!("{}\n{}", node.id, node.what())),
        colours.fill,
        colours.text
    );
}

/// How the arrows of a way look.
fn way() -> String {
    format!("color=\"{WAY}\", penwidth=4, style=dashed")
}

fn arrow(arrow: &Arrow, out: &mut String) {
    let to = arrow.to.map_or_else(|| "abort".to_owned(), |to| format!("s{to}"));
    let mut attributes = Vec::new();
    attributes.extend(arrow.label().map(|label| format!("label={}", quoted(&label))));
    // Else Graphviz would draw the body of a loop above the loop.
    attributes.extend(arrow.is_back.then(|| "constraint=false".to_owned()));
    if arrow.on_way {
        attributes.push(way());
    } else if arrow.kind == ArrowKind::Abort {
        attributes.push("style=dotted".to_owned());
    }
    let attributes = if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
    let _ = writeln!(out, "  s{} -> {to}{attributes}", arrow.from);
}

/// Text in double quotes: nothing in it ends them, and neither entities nor the escapes of labels mean anything.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push_str("\\n");
        }
        for character in plain(line).chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '&' => out.push_str("&amp;"),
                _ => out.push(character),
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests;

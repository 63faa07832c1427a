//! A graph comes in; JSON of a stable shape goes out, for programs that draw.

use serde_json::{Value as Json, json};

use super::model::{Arrow, Graph, Node};
use super::way::Way;

/// The version of the shape. What is added keeps it; what changes or takes away raises it.
const VERSION: u32 = 1;

/// The graph for programs, as `{ wayfarer_graph, journey, title, start, nodes, arrows, paths }`. Steps are named by their ids.
///
/// - `nodes`, in the order of the file: `id type sort plays loop`. The `sort` is `client verifying form journey step completed` or
///   `refused`; `plays` is the journey that it plays; `loop` is the innermost loop in whose body it stands.
/// - `arrows`, all exits with the same target in one: `from to exits kind`. The `kind` is `body exit continue` or `abort`; `to` is null where
///   the journey ends as failed, and `exits` is empty for the way into a body.
/// - `paths` that show what is not proven: `code message steps`, the steps as `step exit`.
pub fn json(graph: &Graph) -> Json {
    let id = |place: usize| graph.nodes.get(place).map(|node| &*node.id);
    let node = |node: &Node| {
        json!({
            "id": &*node.id,
            "type": &*node.type_name,
            "sort": node.sort.class(),
            "plays": node.plays.as_deref(),
            "loop": node.within.and_then(id),
        })
    };
    let arrow = |arrow: &Arrow| {
        let exits: Vec<_> = arrow.exits.iter().map(|exit| &**exit).collect();
        json!({
            "from": id(arrow.from),
            "to": arrow.to.and_then(id),
            "exits": exits,
            "kind": arrow.kind.word(),
        })
    };
    let way = |way: &Way| {
        let steps = way.steps.iter().map(|hop| json!({ "step": &*hop.step, "exit": hop.exit.as_deref() }));
        json!({ "code": way.code.id(), "message": way.message, "steps": steps.collect::<Vec<_>>() })
    };
    json!({
        "wayfarer_graph": VERSION,
        "journey": &*graph.id,
        "title": graph.title.as_deref(),
        "start": id(graph.start),
        "nodes": graph.nodes.iter().map(node).collect::<Vec<_>>(),
        "arrows": graph.arrows.iter().map(arrow).collect::<Vec<_>>(),
        "paths": graph.ways.iter().map(way).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests;

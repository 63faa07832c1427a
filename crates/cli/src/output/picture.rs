//! A graph comes in; a picture of it as SVG goes out, which needs nothing to be shown: no script, no font, no other file.
//!
//! Where boxes stand is the work of a library for layered graphs. It is here and not beside the other drawings in `lang`, so that whoever
//! embeds the engine need not compile it.

mod arrange;
mod draw;
mod measure;
mod route;
mod scene;
mod shape;

use wayfarer_lang::graph::Graph;

use arrange::Placed;
use scene::Scene;

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journey is too large to be laid out as a picture")]
pub(crate) struct TooLarge;

/// Draws the graph from top to bottom. The same graph always gives the same text.
pub(crate) fn svg(graph: &Graph) -> Result<String, TooLarge> {
    let scene = Scene::of(graph);
    let placed = Placed::of(&scene)?;
    Ok(draw::draw(graph, &scene, &placed))
}

#[cfg(test)]
mod tests;

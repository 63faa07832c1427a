//! Boxes and lines come in; where they stand goes out, as a library for layered graphs lays them out.

use dugong::graphlib::{Graph as Layered, GraphOptions};
use dugong::{EdgeLabel, GraphLabel, NodeLabel, WorkControl, WorkError};

use super::TooLarge;
use super::scene::Scene;

/// How much work a layout may be, as the library counts it; a journey of 60 steps takes a twentieth of it.
const MOST_WORK: usize = 10_000_000;

/// The most boxes, those of what stands beside arrows included.
const MOST_BOXES: usize = 4_000;

/// Between neighbours, between a line and its neighbour, and between layers.
const BESIDE: f64 = 22.0;
const LINES: f64 = 14.0;
const LAYERS: f64 = 30.0;

/// Where everything stands: the middle of each box, and the points through which each piece goes.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) size: (f64, f64),
    pub(super) boxes: Vec<(f64, f64)>,
    pub(super) pieces: Vec<Vec<(f64, f64)>>,
    /// The middle of what stands beside the pieces of steps that lead to themselves.
    pub(super) beside: Vec<Option<(f64, f64)>>,
    /// The bodies of loops, outer ones first.
    pub(super) bodies: Vec<Body>,
}

/// The area behind the body of a loop.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) home: usize,
    pub(super) middle: (f64, f64),
    pub(super) size: (f64, f64),
}

struct Budget(usize);

impl WorkControl for Budget {
    fn charge(&mut self, units: usize) -> Result<(), WorkError> {
        self.0 = self.0.checked_sub(units).ok_or(WorkError::Interrupted)?;
        Ok(())
    }
}

impl Placed {
    pub(super) fn of(scene: &Scene) -> Result<Self, TooLarge> {
        if scene.boxes.len() > MOST_BOXES {
            return Err(TooLarge);
        }
        let mut graph = layered(scene);
        dugong::layout_controlled(&mut graph, &mut Budget(MOST_WORK)).map_err(|_| TooLarge)?;
        let middle = |name: &str| graph.node(name).and_then(|node| node.x.zip(node.y));
        let boxes: Option<_> = (0..scene.boxes.len()).map(|place| middle(&format!("b{place}"))).collect();
        let edges = scene.pieces.iter().enumerate().map(|(place, piece)| {
            graph.edge(&format!("b{}", piece.from), &format!("b{}", piece.to), Some(&format!("e{place}")))
        });
        let edges: Vec<_> = edges.collect();
        let points = |edge: &EdgeLabel| edge.points.iter().map(|point| (point.x, point.y)).collect();
        let bodies = bodies(scene).into_iter().filter_map(|(home, _)| {
            let node = graph.node(&format!("c{home}"))?;
            Some(Body { home, middle: node.x.zip(node.y)?, size: (node.width, node.height) })
        });
        let mut placed = Self {
            size: (graph.graph().width, graph.graph().height),
            boxes: boxes.ok_or(TooLarge)?,
            pieces: edges.iter().map(|edge| edge.map(points).unwrap_or_default()).collect(),
            beside: edges.iter().map(|edge| edge.and_then(|edge| edge.x.zip(edge.y))).collect(),
            bodies: bodies.collect(),
        };
        placed.widen();
        Ok(placed)
    }

    /// The library makes room for boxes; a line may pass beside all of them.
    fn widen(&mut self) {
        let across = self.pieces.iter().flatten().map(|(x, _)| *x);
        let (left, right) = across.fold((0.0, self.size.0), |(left, right), x| (x.min(left), x.max(right)));
        self.size.0 = right - left;
        let moved = self.boxes.iter_mut().chain(self.pieces.iter_mut().flatten());
        let moved =
            moved.chain(self.beside.iter_mut().flatten()).chain(self.bodies.iter_mut().map(|body| &mut body.middle));
        moved.for_each(|(x, _)| *x -= left);
    }
}

/// What the library lays out: boxes as `b0`, bodies of loops as `c0`, pieces as `e0`.
fn layered(scene: &Scene) -> Layered<NodeLabel, EdgeLabel, GraphLabel> {
    let mut graph = Layered::new(GraphOptions { multigraph: true, compound: true, directed: true });
    graph.set_graph(GraphLabel { nodesep: BESIDE, edgesep: LINES, ranksep: LAYERS, ..GraphLabel::default() });
    for (place, block) in scene.boxes.iter().enumerate() {
        let (width, height) = block.size;
        graph.set_node(format!("b{place}"), NodeLabel { width, height, ..NodeLabel::default() });
    }
    let bodies = bodies(scene);
    for (home, _) in &bodies {
        graph.set_node(format!("c{home}"), NodeLabel::default());
    }
    for (home, outer) in bodies {
        if let Some(outer) = outer {
            graph.set_parent(format!("c{home}"), format!("c{outer}"));
        }
    }
    for (place, block) in scene.boxes.iter().enumerate() {
        if let Some(home) = block.within {
            graph.set_parent(format!("b{place}"), format!("c{home}"));
        }
    }
    for (place, piece) in scene.pieces.iter().enumerate() {
        let (width, height) = piece.room;
        let label = EdgeLabel { width, height, weight: piece.weight, ..EdgeLabel::default() };
        graph.set_edge_named(
            format!("b{}", piece.from),
            format!("b{}", piece.to),
            Some(format!("e{place}")),
            Some(label),
        );
    }
    graph
}

/// The loops whose bodies are drawn, each with the loop around it; outer ones first.
fn bodies(scene: &Scene) -> Vec<(usize, Option<usize>)> {
    let mut homes: Vec<usize> = scene.boxes.iter().filter_map(|block| block.within).collect();
    homes.sort_unstable();
    homes.dedup();
    let around = |home: usize| {
        let block = scene.boxes.iter().find(|block| block.what == super::scene::What::Step(home));
        block.and_then(|block| block.within)
    };
    homes.into_iter().map(|home| (home, around(home))).collect()
}

#[cfg(test)]
mod tests;

//! A graph comes in; what is to be laid out goes out: boxes with their sizes, and lines that all lead down.

use wayfarer_lang::graph::{Arrow, ArrowKind, Graph, Sort};

use super::measure::{cut, exits, width};
use super::shape::{LABEL, Shape};

/// The most letters of an id or a type, and of what stands beside an arrow.
pub(super) const MOST: usize = 30;
const MOST_BESIDE: usize = 26;

/// An end to which more arrows lead than this is drawn anew beside each step that leads there: the lines would cover all else.
const MOST_ARROWS: usize = 4;

/// All that is laid out.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) boxes: Vec<Block>,
    pub(super) lines: Vec<Line>,
    pub(super) pieces: Vec<Piece>,
}

/// A box.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) what: What,
    pub(super) shape: Shape,
    pub(super) size: (f64, f64),
    /// The loop in whose body it is drawn.
    pub(super) within: Option<usize>,
}

/// What a box stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Start,
    Step(usize),
    /// An end, drawn anew for the arrow that leads there.
    Again(usize),
    Abort,
    /// What stands beside an arrow: it has a place of its own, so that nothing covers it.
    Label(String),
}

/// An arrow as it is drawn.
#[derive(Debug)]
pub(super) struct Line {
    /// Its place in the graph; none for the one that leads to the start.
    pub(super) arrow: Option<usize>,
    pub(super) to: usize,
    pub(super) label: Option<usize>,
    /// Its parts, in the order in which the arrow goes.
    pub(super) pieces: Vec<usize>,
    /// Whether it leads up: its parts are laid out against it.
    pub(super) back: bool,
    /// What the library is to keep free beside a step that leads to itself.
    pub(super) own: Option<String>,
}

/// A part of a line, from a box down to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) from: usize,
    pub(super) to: usize,
    /// How much it is to be short.
    pub(super) weight: f64,
    /// The size of what stands beside it, for a step that leads to itself.
    pub(super) room: (f64, f64),
}

impl Scene {
    pub(super) fn of(graph: &Graph) -> Self {
        let mut scene = Self { boxes: Vec::new(), lines: Vec::new(), pieces: Vec::new() };
        let crowded = crowded(graph);
        let shown: Vec<_> = (0..graph.nodes.len()).map(|step| scene.step(graph, step, &crowded)).collect();
        let start = scene.add(What::Start, Shape::Dot, Shape::Dot.around("", None), None);
        if let Some(first) = shown.get(graph.start).copied().flatten() {
            scene.line(None, (start, first), None, false);
        }
        for (place, arrow) in graph.arrows.iter().enumerate() {
            let Some(from) = shown.get(arrow.from).copied().flatten() else { continue };
            let to = arrow.to.and_then(|to| Some((to, shown.get(to)?)));
            let to = match to {
                Some((_, Some(shown))) => *shown,
                Some((step, None)) => scene.again(graph, step),
                None => scene.add(What::Abort, Shape::Rounded, Shape::Rounded.around("abort", None), None),
            };
            let text = label(arrow);
            if from == to {
                scene.own(place, from, text);
                continue;
            }
            let beside = text.map(|text| {
                let size = room(&text);
                let within = graph.nodes.get(arrow.from).and_then(|node| node.within);
                scene.add(What::Label(text), Shape::Plain, size, within)
            });
            scene.line(Some(place), (from, to), beside, arrow.is_back);
        }
        scene
    }

    fn add(&mut self, what: What, shape: Shape, size: (f64, f64), within: Option<usize>) -> usize {
        self.boxes.push(Block { what, shape, size, within });
        self.boxes.len() - 1
    }

    /// A step as a box; none if it is drawn anew for each arrow.
    fn step(&mut self, graph: &Graph, step: usize, crowded: &[bool]) -> Option<usize> {
        let node = graph.nodes.get(step).filter(|_| !crowded.get(step).copied().unwrap_or_default())?;
        let shape = Shape::of(node.sort);
        let size = shape.around(&cut(&node.id, MOST), Some(&cut(node.what(), MOST)));
        Some(self.add(What::Step(step), shape, size, node.within))
    }

    fn again(&mut self, graph: &Graph, step: usize) -> usize {
        let id = graph.nodes.get(step).map(|node| cut(&node.id, MOST)).unwrap_or_default();
        let within = graph.nodes.get(step).and_then(|node| node.within);
        self.add(What::Again(step), Shape::Rounded, Shape::Rounded.around(&id, None), within)
    }

    fn line(&mut self, arrow: Option<usize>, (from, to): (usize, usize), label: Option<usize>, back: bool) {
        // What stands beside an arrow stays near the step that the arrow leaves.
        let stops: Vec<usize> = [Some(from), label, Some(to)].into_iter().flatten().collect();
        let mut pieces = Vec::new();
        for (place, pair) in stops.windows(2).enumerate() {
            let [from, to] = *pair else { continue };
            let (from, to) = if back { (to, from) } else { (from, to) };
            let weight = if label.is_some() && place == 0 { 4.0 } else { 1.0 };
            self.pieces.push(Piece { from, to, weight, room: (0.0, 0.0) });
            pieces.push(self.pieces.len() - 1);
        }
        self.lines.push(Line { arrow, to, label, pieces, back, own: None });
    }

    /// A step that leads to itself.
    fn own(&mut self, arrow: usize, step: usize, text: Option<String>) {
        let text = text.unwrap_or_default();
        let (width, height) = room(&text);
        self.pieces.push(Piece { from: step, to: step, weight: 1.0, room: (width.max(20.0), height) });
        let pieces = vec![self.pieces.len() - 1];
        self.lines.push(Line { arrow: Some(arrow), to: step, label: None, pieces, back: false, own: Some(text) });
    }
}

/// The size of a text beside an arrow.
fn room(text: &str) -> (f64, f64) {
    (width(text, LABEL) + 8.0, LABEL + 5.0)
}

/// What stands beside an arrow, as far as there is room.
fn label(arrow: &Arrow) -> Option<String> {
    let label = arrow.label()?;
    Some(if arrow.kind == ArrowKind::Body { label } else { exits(&arrow.exits, MOST_BESIDE) })
}

/// The ends to which too many arrows lead.
fn crowded(graph: &Graph) -> Vec<bool> {
    let mut arrows = vec![0_usize; graph.nodes.len()];
    for to in graph.arrows.iter().filter_map(|arrow| arrow.to) {
        if let Some(count) = arrows.get_mut(to) {
            *count += 1;
        }
    }
    let is_end = |sort: Sort| matches!(sort, Sort::Completed | Sort::Refused);
    graph.nodes.iter().zip(arrows).map(|(node, arrows)| is_end(node.sort) && arrows > MOST_ARROWS).collect()
}

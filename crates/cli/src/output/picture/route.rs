//! Where boxes stand comes in; the lines between them go out, which pass boxes only where there is none.
//!
//! The library gives each long line a place of its own in every layer that it passes. There a line goes straight down, and it turns only
//! between two layers, where there are no boxes.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::arrange::Placed;
use super::scene::{Line, Scene};
use super::shape::PORTS;

/// Length and half the breadth of an arrow's head.
pub(super) const HEAD: f64 = 8.0;
pub(super) const HALF_HEAD: f64 = 4.0;

/// How far above and below a layer's middle its boxes reach; layers by their middle, in tenths.
pub(super) struct Layers(BTreeMap<i64, f64>);

/// A drawn line: its path, and its head.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Drawn {
    pub(super) path: String,
    pub(super) head: String,
}

fn tenths(y: f64) -> i64 {
    (y * 10.0).round() as i64
}

impl Layers {
    pub(super) fn of(scene: &Scene, placed: &Placed) -> Self {
        let mut layers = BTreeMap::new();
        for (block, (_, y)) in scene.boxes.iter().zip(&placed.boxes) {
            let reach: &mut f64 = layers.entry(tenths(*y)).or_default();
            *reach = reach.max(block.size.1 / 2.0);
        }
        Self(layers)
    }

    fn reach(&self, y: f64) -> Option<f64> {
        self.0.get(&tenths(y)).copied()
    }
}

/// Where each piece leaves its upper box, and where it meets its lower one: beside the middle.
pub(super) struct Ports {
    leaving: Vec<f64>,
    meeting: Vec<f64>,
}

impl Ports {
    /// Spreads the ends of pieces over the width of their boxes, in the order of where they lead.
    pub(super) fn of(scene: &Scene, placed: &Placed, layers: &Layers) -> Self {
        let mut leaving = vec![Vec::new(); scene.boxes.len()];
        let mut meeting = vec![Vec::new(); scene.boxes.len()];
        for (place, piece) in scene.pieces.iter().enumerate().filter(|(_, piece)| piece.from != piece.to) {
            let between = between(scene, placed, layers, place);
            let at = |block: usize| placed.boxes.get(block).map_or(0.0, |(x, _)| *x);
            let first = between.first().map_or_else(|| at(piece.to), |(x, _)| *x);
            let last = between.last().map_or_else(|| at(piece.from), |(x, _)| *x);
            if let Some(list) = leaving.get_mut(piece.from) {
                list.push((first, place));
            }
            if let Some(list) = meeting.get_mut(piece.to) {
                list.push((last, place));
            }
        }
        let spread = |lists: Vec<Vec<(f64, usize)>>| {
            let mut offsets = vec![0.0; scene.pieces.len()];
            for (mut list, block) in lists.into_iter().zip(&scene.boxes) {
                list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                let step = block.size.0 * PORTS / (list.len() + 1) as f64;
                let middle = (list.len() + 1) as f64 / 2.0;
                for (number, (_, place)) in list.into_iter().enumerate() {
                    if let Some(offset) = offsets.get_mut(place) {
                        *offset = ((number + 1) as f64 - middle) * step;
                    }
                }
            }
            offsets
        };
        Self { leaving: spread(leaving), meeting: spread(meeting) }
    }
}

/// The points of a piece in layers that hold boxes, without its ends.
fn between(scene: &Scene, placed: &Placed, layers: &Layers, piece: usize) -> Vec<(f64, f64)> {
    let Some(ends) = scene.pieces.get(piece) else { return Vec::new() };
    let at = |block: usize| placed.boxes.get(block).map_or(0.0, |(_, y)| *y);
    let (top, bottom) = (at(ends.from) + 1.0, at(ends.to) - 1.0);
    let points = placed.pieces.get(piece).map(Vec::as_slice).unwrap_or_default();
    points.iter().copied().filter(|(_, y)| *y > top && *y < bottom && layers.reach(*y).is_some()).collect()
}

/// A stretch that goes straight down.
struct Straight {
    x: f64,
    top: f64,
    bottom: f64,
}

/// Draws a line, from its first box to its last one.
pub(super) fn draw(line: &Line, scene: &Scene, placed: &Placed, layers: &Layers, ports: &Ports) -> Drawn {
    let mut drawn = Drawn::default();
    for (number, piece) in line.pieces.iter().enumerate() {
        let is_last = number + 1 == line.pieces.len();
        let mut stretches = stretches(*piece, scene, placed, layers, ports);
        let tip = if line.back { stretches.first_mut() } else { stretches.last_mut() };
        if let Some(tip) = tip.filter(|_| is_last) {
            let (x, y, base) = if line.back { (tip.x, tip.top, HEAD) } else { (tip.x, tip.bottom, -HEAD) };
            drawn.head = head((x, y), (0.0, base));
            // The line ends behind its head.
            if line.back {
                tip.top += HEAD;
            } else {
                tip.bottom -= HEAD;
            }
        }
        path(&stretches, line.back, &mut drawn.path);
    }
    drawn
}

/// A head with its tip at a point; `back` leads from the tip to the middle of its base.
pub(super) fn head((x, y): (f64, f64), back: (f64, f64)) -> String {
    let aside = (back.1 / HEAD * HALF_HEAD, back.0 / HEAD * HALF_HEAD);
    let (base_x, base_y) = (x + back.0, y + back.1);
    format!(
        "M{x:.1} {y:.1} L{:.1} {:.1} L{:.1} {:.1} Z",
        base_x + aside.0,
        base_y + aside.1,
        base_x - aside.0,
        base_y - aside.1
    )
}

fn stretches(piece: usize, scene: &Scene, placed: &Placed, layers: &Layers, ports: &Ports) -> Vec<Straight> {
    let Some(ends) = scene.pieces.get(piece) else { return Vec::new() };
    let port = |block: usize, offsets: &[f64]| {
        let offset = offsets.get(piece).copied().unwrap_or_default();
        let ((x, y), block) = (placed.boxes.get(block).copied()?, scene.boxes.get(block)?);
        Some((x + offset, y, block.shape.reach(offset, block.size), layers.reach(y)?))
    };
    let (Some(upper), Some(lower)) = (port(ends.from, &ports.leaving), port(ends.to, &ports.meeting)) else {
        return Vec::new();
    };
    let (x, y, outline, layer) = upper;
    let mut stretches = vec![Straight { x, top: y + outline, bottom: y + layer }];
    for (x, y) in between(scene, placed, layers, piece) {
        let reach = layers.reach(y).unwrap_or_default();
        stretches.push(Straight { x, top: y - reach, bottom: y + reach });
    }
    let (x, y, outline, layer) = lower;
    stretches.push(Straight { x, top: y - layer, bottom: y - outline });
    stretches
}

/// Straight stretches, joined by curves.
fn path(stretches: &[Straight], back: bool, out: &mut String) {
    let mut last: Option<(f64, f64)> = None;
    let ordered: Vec<_> = if back { stretches.iter().rev().collect() } else { stretches.iter().collect() };
    for stretch in ordered {
        let (first, then) = if back { (stretch.bottom, stretch.top) } else { (stretch.top, stretch.bottom) };
        // Writing to a `String` cannot fail.
        let _ = match last {
            None => write!(out, "M{:.1} {first:.1}", stretch.x),
            Some((x, _)) if (x - stretch.x).abs() < 0.05 => Ok(()),
            Some((x, y)) => {
                let middle = (y + first) / 2.0;
                write!(out, " C{x:.1} {middle:.1} {0:.1} {middle:.1} {0:.1} {first:.1}", stretch.x)
            }
        };
        let _ = write!(out, " L{:.1} {then:.1}", stretch.x);
        last = Some((stretch.x, then));
    }
}

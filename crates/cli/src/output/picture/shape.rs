//! What a step is comes in; the room that it takes, its outline, and where arrows touch it go out.

use wayfarer_lang::graph::Sort;

use super::measure::width;

/// The size of the letters of a step's id, of what it does, and beside arrows.
pub(super) const ID: f64 = 13.0;
pub(super) const WHAT: f64 = 11.0;
pub(super) const LABEL: f64 = 11.0;

/// The part of a box's width over which its arrows are spread.
pub(super) const PORTS: f64 = 0.6;

/// The form of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Dot,
    Plain,
    Diamond,
    Hexagon,
    Slanted,
    Double,
    Trapezium,
    Rounded,
}

impl Shape {
    pub(super) fn of(sort: Sort) -> Self {
        match sort {
            Sort::Decision => Self::Diamond,
            Sort::Loop => Self::Hexagon,
            Sort::Form | Sort::Step => Self::Plain,
            Sort::Client => Self::Slanted,
            Sort::Verifying => Self::Double,
            Sort::Journey => Self::Trapezium,
            Sort::Completed | Sort::Refused => Self::Rounded,
        }
    }

    /// Width and height of the box around lines of text; all of them lie within the outline.
    pub(super) fn around(self, id: &str, what: Option<&str>) -> (f64, f64) {
        let text = width(id, ID).max(what.map_or(0.0, |what| width(what, WHAT)));
        let height = if what.is_some() { 46.0 } else { 26.0 };
        match self {
            Self::Dot => (16.0, 16.0),
            Self::Plain | Self::Rounded => (text + 28.0, height),
            Self::Double => (text + 40.0, height),
            Self::Slanted | Self::Trapezium => (text + 48.0, height),
            Self::Hexagon => (text + 56.0, height),
            Self::Diamond => (text / 0.58 + 8.0, 82.0),
        }
    }

    /// How far above and below the middle the outline is, `beside` the middle.
    pub(super) fn reach(self, beside: f64, size: (f64, f64)) -> f64 {
        match self {
            Self::Diamond => size.1 / 2.0 * (1.0 - (beside.abs() / (size.0 / 2.0)).min(1.0)),
            _ => size.1 / 2.0,
        }
    }

    /// How far right of the middle the outline is, `below` or above the middle.
    pub(super) fn breadth(self, below: f64, size: (f64, f64)) -> f64 {
        let (half, part) = (size.0 / 2.0, (below.abs() / (size.1 / 2.0)).min(1.0));
        match self {
            Self::Diamond => half * (1.0 - part),
            Self::Hexagon => half - SLANT * part,
            Self::Slanted => half - SLANT / 2.0 - SLANT / 2.0 * (below / (size.1 / 2.0)),
            Self::Trapezium => half - SLANT / 2.0 + SLANT / 2.0 * (below / (size.1 / 2.0)),
            _ => half,
        }
    }

    /// The outline around a middle, as the data of a path.
    pub(super) fn outline(self, (x, y): (f64, f64), (width, height): (f64, f64)) -> String {
        let (left, right, top, bottom) = (x - width / 2.0, x + width / 2.0, y - height / 2.0, y + height / 2.0);
        let corners = match self {
            Self::Diamond => vec![(x, top), (right, y), (x, bottom), (left, y)],
            Self::Hexagon => vec![
                (left + SLANT, top),
                (right - SLANT, top),
                (right, y),
                (right - SLANT, bottom),
                (left + SLANT, bottom),
                (left, y),
            ],
            Self::Slanted => vec![(left + SLANT, top), (right, top), (right - SLANT, bottom), (left, bottom)],
            Self::Trapezium => vec![(left + SLANT, top), (right - SLANT, top), (right, bottom), (left, bottom)],
            Self::Dot | Self::Rounded => return round(x, y, width, height, height / 2.0),
            Self::Plain | Self::Double => return round(x, y, width, height, 3.0),
        };
        let mut out = String::new();
        for (place, (x, y)) in corners.into_iter().enumerate() {
            out.push_str(&format!("{}{x:.1} {y:.1}", if place == 0 { "M" } else { " L" }));
        }
        out.push_str(" Z");
        out
    }

    /// What is drawn within the outline.
    pub(super) fn inner(self, (x, y): (f64, f64), (width, height): (f64, f64)) -> Option<String> {
        let (left, right, top) = (x - width / 2.0 + 7.0, x + width / 2.0 - 7.0, y - height / 2.0);
        (self == Self::Double).then(|| format!("M{left:.1} {top:.1} v{height:.1} M{right:.1} {top:.1} v{height:.1}"))
    }
}

/// How far a slanted side leans.
const SLANT: f64 = 16.0;

fn round(x: f64, y: f64, width: f64, height: f64, radius: f64) -> String {
    let (left, top) = (x - width / 2.0, y - height / 2.0);
    let (across, down, arc) = (width - 2.0 * radius, height - 2.0 * radius, format!("a{radius:.1} {radius:.1} 0 0 1"));
    format!(
        "M{:.1} {top:.1} h{across:.1} {arc} {radius:.1} {radius:.1} v{down:.1} {arc} -{radius:.1} {radius:.1} h-{across:.1} \
         {arc} -{radius:.1} -{radius:.1} v-{down:.1} {arc} {radius:.1} -{radius:.1} Z",
        left + radius
    )
}

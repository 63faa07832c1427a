//! The text of a picture comes in; what is seen where goes out, read back from the text alone.

use std::collections::BTreeSet;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// A rectangle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn around((x, y): (f64, f64), (width, height): (f64, f64)) -> Self {
        Self { left: x - width / 2.0, top: y - height / 2.0, right: x + width / 2.0, bottom: y + height / 2.0 }
    }

    /// Around points.
    fn of(points: &[(f64, f64)]) -> Self {
        let (x, y) = points[0];
        points.iter().fold(Self::around((x, y), (0.0, 0.0)), |area, (x, y)| Self {
            left: area.left.min(*x),
            top: area.top.min(*y),
            right: area.right.max(*x),
            bottom: area.bottom.max(*y),
        })
    }

    pub(super) fn within(&self, other: &Self) -> bool {
        self.left >= other.left - 0.1
            && self.top >= other.top - 0.1
            && self.right <= other.right + 0.1
            && self.bottom <= other.bottom + 0.1
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// A step, or another end of arrows.
#[derive(Debug)]
pub(super) struct Box {
    pub(super) step: Option<String>,
    pub(super) area: Area,
    pub(super) texts: Vec<Area>,
    /// Clockwise; none if they are round.
    corners: Vec<(f64, f64)>,
}

impl Box {
    /// Whether a point lies in it, and not only at its edge.
    pub(super) fn holds(&self, (x, y): (f64, f64)) -> bool {
        let Area { left, top, right, bottom } = self.area;
        if self.corners.is_empty() {
            // Its corners are round.
            return x > left + 9.0 && x < right - 9.0 && y > top + 1.0 && y < bottom - 1.0;
        }
        let next = self.corners.iter().cycle().skip(1);
        // Clockwise, what lies within lies right of each edge.
        self.corners.iter().zip(next).all(|(a, b)| {
            let (across, down) = (b.0 - a.0, b.1 - a.1);
            (across * (y - a.1) - down * (x - a.0)) / across.hypot(down) > 1.0
        })
    }
}

/// All that is seen.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) canvas: Area,
    pub(super) boxes: Vec<Box>,
    /// Texts that stand in no box.
    pub(super) texts: Vec<Area>,
    /// How many of them stand beside arrows, and how many bodies of loops there are.
    pub(super) labels: usize,
    pub(super) bodies: usize,
    /// Points on each line, close to one another.
    pub(super) lines: Vec<Vec<(f64, f64)>>,
    /// The names of all tags.
    pub(super) tags: Vec<String>,
}

impl Seen {
    pub(super) fn of(text: &str) -> Self {
        let mut seen = Self {
            canvas: Area::around((0.0, 0.0), (0.0, 0.0)),
            boxes: Vec::new(),
            texts: Vec::new(),
            labels: 0,
            bodies: 0,
            lines: Vec::new(),
            tags: Vec::new(),
        };
        let (mut reader, mut tags) = (Reader::from_str(text), BTreeSet::new());
        let (mut moved, mut step, mut label, mut is_box) = ((0.0, 0.0), None, None, false);
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => {
                    let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                    let class = attribute(&tag, "class").unwrap_or_default();
                    match name.as_str() {
                        "g" => {
                            step = attribute(&tag, "data-step");
                            is_box = false;
                            if let Some(by) = attribute(&tag, "transform") {
                                let by = by.strip_prefix("translate(").unwrap().strip_suffix(')').unwrap();
                                let (x, y) = by.split_once(' ').unwrap();
                                moved = (x.parse().unwrap(), y.parse().unwrap());
                            }
                        }
                        "rect" if class == "canvas" => seen.canvas = area(&tag),
                        "rect" => seen.bodies += 1,
                        "path" if class == "box" => {
                            is_box = true;
                            let data = attribute(&tag, "d").unwrap();
                            let area = Area::of(&points(&data, moved));
                            let corners = if data.contains('L') { corners(&data, moved) } else { Vec::new() };
                            seen.boxes.push(Box { step: step.clone(), area, texts: Vec::new(), corners });
                        }
                        "path" if class == "line" => {
                            seen.lines.push(points(&attribute(&tag, "d").unwrap(), moved));
                        }
                        "text" => label = Some((class, number(&tag, "x"), number(&tag, "y"), String::new())),
                        _ => {}
                    }
                    tags.insert(name);
                }
                Event::Text(text) => {
                    if let Some((.., said)) = &mut label {
                        said.push_str(&text.xml10_content().unwrap());
                    }
                }
                // Each stands for one letter.
                Event::GeneralRef(_) => {
                    if let Some((.., said)) = &mut label {
                        said.push('&');
                    }
                }
                Event::End(tag) if tag.name().as_ref() == b"text" => {
                    let (class, x, y, said) = label.take().unwrap();
                    seen.text(&class, (x, y), said.chars().count() as f64, moved, is_box);
                }
                _ => {}
            }
        }
        seen.tags = tags.into_iter().collect();
        seen
    }

    fn text(&mut self, class: &str, (x, y): (f64, f64), letters: f64, moved: (f64, f64), is_box: bool) {
        let size = match class {
            "title" => 15.0,
            "id" => 13.0,
            _ => 11.0,
        };
        // The widest of the fonts in the style sheet has letters of 0.603 of its size.
        let width = letters * size * 0.603;
        let left = if matches!(class, "id" | "what" | "label") { x - width / 2.0 } else { x };
        let by = if matches!(class, "id" | "what" | "label" | "of") { moved } else { (0.0, 0.0) };
        let (left, top, bottom) = (left + by.0, y - size * 0.8 + by.1, y + size * 0.25 + by.1);
        let area = Area { left, top, right: left + width, bottom };
        self.labels += usize::from(class == "label");
        match self.boxes.last_mut().filter(|_| is_box) {
            Some(it) => it.texts.push(area),
            None => self.texts.push(area),
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).unwrap()?;
    Some(attribute.normalized_value(XmlVersion::Explicit1_0).unwrap().into_owned())
}

fn number(tag: &BytesStart<'_>, name: &str) -> f64 {
    attribute(tag, name).map_or(0.0, |number| number.parse().unwrap())
}

fn area(tag: &BytesStart<'_>) -> Area {
    let (left, top) = (number(tag, "x"), number(tag, "y"));
    Area { left, top, right: left + number(tag, "width"), bottom: top + number(tag, "height") }
}

/// The corners of a path of straight lines.
fn corners(data: &str, by: (f64, f64)) -> Vec<(f64, f64)> {
    let numbers = data.split(|it: char| it == ' ' || it.is_ascii_alphabetic()).filter(|it| !it.is_empty());
    let numbers: Vec<f64> = numbers.map(|number| number.parse().unwrap()).collect();
    numbers.chunks(2).map(|point| (point[0] + by.0, point[1] + by.1)).collect()
}

/// Points along the data of a path, which holds `M L C h v a Z` alone.
fn points(data: &str, by: (f64, f64)) -> Vec<(f64, f64)> {
    let spaced: String =
        data.chars().flat_map(|it| if it.is_ascii_alphabetic() { vec![' ', it, ' '] } else { vec![it] }).collect();
    let mut words = spaced.split_whitespace().peekable();
    let mut out: Vec<(f64, f64)> = Vec::new();
    let next = |words: &mut std::iter::Peekable<std::str::SplitWhitespace<'_>>| -> f64 {
        words.next().unwrap().parse().unwrap()
    };
    let (mut x, mut y) = (0.0_f64, 0.0_f64);
    while let Some(command) = words.next() {
        let from = (x, y);
        match command {
            "M" | "L" => (x, y) = (next(&mut words), next(&mut words)),
            "h" => x += next(&mut words),
            "v" => y += next(&mut words),
            "a" => {
                for _ in 0..5 {
                    next(&mut words);
                }
                (x, y) = (x + next(&mut words), y + next(&mut words));
            }
            "C" => {
                let numbers: Vec<f64> = (0..6).map(|_| next(&mut words)).collect();
                for part in 1..20 {
                    let t = f64::from(part) / 20.0;
                    let at = |from: f64, a: f64, b: f64, to: f64| {
                        let s = 1.0 - t;
                        s * s * s * from + 3.0 * s * s * t * a + 3.0 * s * t * t * b + t * t * t * to
                    };
                    let point = (
                        at(from.0, numbers[0], numbers[2], numbers[4]),
                        at(from.1, numbers[1], numbers[3], numbers[5]),
                    );
                    out.push((point.0 + by.0, point.1 + by.1));
                }
                (x, y) = (numbers[4], numbers[5]);
            }
            "Z" => continue,
            other => panic!("{other} in {data}"),
        }
        if command == "L" {
            for part in 1..20 {
                let t = f64::from(part) / 20.0;
                out.push((from.0 + (x - from.0) * t + by.0, from.1 + (y - from.1) * t + by.1));
            }
        }
        out.push((x + by.0, y + by.1));
    }
    out
}

//! A graph and where all of it stands come in; the text of the picture goes out.

use std::fmt::Write;

use wayfarer_lang::graph::{ArrowKind, Graph, Node};

use super::arrange::{Body, Placed};
use super::measure::{cut, escaped, width};
use super::route::{self, Layers, Ports};
use super::scene::{Block, Line, MOST, Scene, What};
use super::shape::{LABEL, WHAT};

/// Both colour schemes.
const STYLE: &str = include_str!("style.css");

/// Around the picture, and the size of its title.
const MARGIN: f64 = 20.0;
const TITLE: f64 = 15.0;

/// The most letters of the title, and of a line that says what a way shows.
const MOST_TITLE: usize = 60;
const MOST_SAID: usize = 90;

/// How many of the ways are told above the picture.
const MOST_WAYS: usize = 4;

/// A line above the picture: its class, its text, the size of its letters, and where it stands.
struct Heading {
    class: &'static str,
    text: String,
    size: f64,
    y: f64,
}

/// Writes the picture.
pub(super) fn draw(graph: &Graph, scene: &Scene, placed: &Placed) -> String {
    let headings = headings(graph);
    let top = headings.last().map_or(0.0, |last| last.y) + MARGIN;
    let widest = headings.iter().map(|it| width(&it.text, it.size)).fold(placed.size.0, f64::max);
    let (across, down) = ((widest + 2.0 * MARGIN).ceil(), (placed.size.1 + top + MARGIN).ceil());
    let name = escaped(&graph.id);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{across}\" height=\"{down}\" viewBox=\"0 0 {across} {down}\" role=\"img\" \
         aria-labelledby=\"{name}-title {name}-desc\">\n<title id=\"{name}-title\">{}</title>\n<desc id=\"{name}-desc\">{}</desc>\n\
         <style>\n{STYLE}</style>\n<rect class=\"canvas\" width=\"{across}\" height=\"{down}\"/>\n",
        escaped(graph.title.as_deref().unwrap_or(&graph.id)),
        escaped(&told(graph)),
    );
    for Heading { class, text, y, .. } in &headings {
        let _ = writeln!(out, "<text class=\"{class}\" x=\"{MARGIN}\" y=\"{y}\">{}</text>", escaped(text));
    }
    // A picture that is narrower than its title stands in the middle.
    let left = ((across - placed.size.0) / 2.0).floor();
    let _ = writeln!(out, "<g transform=\"translate({left} {top})\">");
    for it in &placed.bodies {
        body(it, graph, &mut out);
    }
    let layers = Layers::of(scene, placed);
    let ports = Ports::of(scene, placed, &layers);
    // What is marked is drawn last, so that no other line covers it.
    let (marked, others): (Vec<_>, Vec<_>) = scene.lines.iter().partition(|line| class(graph, line).contains("way"));
    for it in others.into_iter().chain(marked) {
        line(it, graph, (scene, placed), &layers, &ports, &mut out);
    }
    for (it, at) in scene.boxes.iter().zip(&placed.boxes) {
        block(it, *at, graph, &mut out);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// The title, and what each way shows.
fn headings(graph: &Graph) -> Vec<Heading> {
    let title = cut(graph.title.as_deref().unwrap_or(&graph.id), MOST_TITLE);
    let mut headings = vec![Heading { class: "title", text: title, size: TITLE, y: MARGIN + 12.0 }];
    let mut said: Vec<_> = graph.ways.iter().map(|way| format!("{}: {}", way.code.id(), way.message)).collect();
    said.dedup();
    let more = said.len().saturating_sub(MOST_WAYS);
    said.truncate(MOST_WAYS);
    said.extend((more > 0).then(|| format!("and {more} more")));
    for (text, number) in said.into_iter().zip(1_u8..) {
        let y = MARGIN + 14.0 + 17.0 * f64::from(number);
        headings.push(Heading { class: "says", text: cut(&text, MOST_SAID), size: WHAT, y });
    }
    headings
}

/// The whole picture in words, for those who hear it.
fn told(graph: &Graph) -> String {
    let id = |place: usize| graph.nodes.get(place).map_or("", |node| &node.id);
    let mut out = format!("The journey {} begins at {}.", graph.id, id(graph.start));
    for way in &graph.ways {
        let steps: Vec<_> = way.steps.iter().map(|hop| &*hop.step).collect();
        let _ = write!(out, " Marked: {} ({}), by {}.", way.message, way.code.id(), steps.join(", "));
    }
    let mut arrows = graph.arrows.iter().peekable();
    for (place, node) in graph.nodes.iter().enumerate() {
        let _ = write!(out, " {}", sentence(node));
        let mut before = ": ";
        while let Some(arrow) = arrows.next_if(|arrow| arrow.from == place) {
            let exits = arrow.label().unwrap_or_else(|| "next".to_owned());
            let to = arrow.to.map_or("the end as failed", id);
            let _ = write!(out, "{before}{exits} to {to}");
            before = "; ";
        }
        out.push('.');
    }
    out
}

/// A step in words.
fn sentence(node: &Node) -> String {
    format!("{} ({}) {}", node.id, node.what(), node.sort.words())
}

fn body(body: &Body, graph: &Graph, out: &mut String) {
    let ((x, y), (across, down)) = (body.middle, body.size);
    let (left, top) = (x - across / 2.0, y - down / 2.0);
    // Below the lowest step is room for what it is.
    let down = down + 5.0;
    let id = graph.nodes.get(body.home).map(|node| &*node.id).unwrap_or_default();
    let most = ((across - 12.0) / width("m", LABEL)).max(1.0);
    let text = cut(&format!("body of {id}"), most as usize);
    let _ = writeln!(
        out,
        "<g><title>{}</title><rect class=\"body\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{across:.1}\" height=\"{down:.1}\" rx=\"6\"/>\
         <text class=\"of\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
        escaped(&format!("the body of the loop {id}")),
        left + 6.0,
        top + down - 5.0,
        escaped(&text)
    );
}

/// The class of a line.
fn class(graph: &Graph, line: &Line) -> String {
    let Some(arrow) = line.arrow.and_then(|arrow| graph.arrows.get(arrow)) else {
        return if graph.ways.is_empty() { "arrow".to_owned() } else { "arrow way".to_owned() };
    };
    let sort = match arrow.kind {
        ArrowKind::Abort => " abort",
        ArrowKind::Continue => " turn",
        ArrowKind::Body | ArrowKind::Exit if line.back || line.own.is_some() => " turn",
        ArrowKind::Body | ArrowKind::Exit => "",
    };
    format!("arrow{sort}{}", if arrow.on_way { " way" } else { "" })
}

fn line(
    line: &Line,
    graph: &Graph,
    (scene, placed): (&Scene, &Placed),
    layers: &Layers,
    ports: &Ports,
    out: &mut String,
) {
    let title = line.arrow.and_then(|arrow| graph.arrows.get(arrow)).map(|arrow| {
        let id = |place: usize| graph.nodes.get(place).map_or("", |node| &*node.id);
        let exits = arrow.label().unwrap_or_else(|| "next".to_owned());
        format!("{} ─{exits}→ {}", id(arrow.from), arrow.to.map_or("the end as failed", id))
    });
    let title = title.unwrap_or_else(|| "the start".to_owned());
    let _ = write!(out, "<g class=\"{}\"><title>{}</title>", class(graph, line), escaped(&title));
    let drawn = match &line.own {
        Some(_) => own(line, scene, placed),
        None => route::draw(line, scene, placed, layers, ports),
    };
    let _ = write!(out, "<path class=\"line\" d=\"{}\"/><path class=\"head\" d=\"{}\"/>", drawn.path, drawn.head);
    let stands = |place: usize| placed.boxes.get(place).copied();
    let label = match (&line.own, line.label) {
        (Some(text), _) => line.pieces.first().and_then(|piece| Some((text, placed.beside.get(*piece).copied()??))),
        (None, Some(place)) => match scene.boxes.get(place).map(|block| &block.what) {
            Some(What::Label(text)) => stands(place).map(|at| (text, at)),
            _ => None,
        },
        (None, None) => None,
    };
    if let Some((text, (x, y))) = label.filter(|(text, _)| !text.is_empty()) {
        let _ = write!(out, "<text class=\"label\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>", y + 4.0, escaped(text));
    }
    out.push_str("</g>\n");
}

/// The line of a step that leads to itself, right of it.
fn own(line: &Line, scene: &Scene, placed: &Placed) -> route::Drawn {
    let step = scene.boxes.get(line.to).zip(placed.boxes.get(line.to));
    let beside = line.pieces.first().and_then(|piece| {
        let middle = placed.beside.get(*piece).copied().flatten()?;
        Some((middle, scene.pieces.get(*piece)?.room.0))
    });
    let (Some((block, (x, y))), Some((middle, room))) = (step, beside) else { return route::Drawn::default() };
    let quarter = block.size.1 / 4.0;
    let (out, back) = (x + block.shape.breadth(-quarter, block.size), x + block.shape.breadth(quarter, block.size));
    // The curve reaches three quarters of the way to what steers it, and is to end left of what stands beside it.
    let far = out + (middle.0 - room / 2.0 - out) / 0.75;
    let tip = (back, y + quarter);
    route::Drawn {
        path: format!(
            "M{out:.1} {0:.1} C{far:.1} {0:.1} {far:.1} {1:.1} {2:.1} {1:.1}",
            y - quarter,
            y + quarter,
            back + route::HEAD
        ),
        head: route::head(tip, (route::HEAD, 0.0)),
    }
}

fn block(block: &Block, (x, y): (f64, f64), graph: &Graph, out: &mut String) {
    let outline = |class: &str| format!("<path class=\"{class}\" d=\"{}\"/>", block.shape.outline((x, y), block.size));
    let (step, again) = match block.what {
        What::Label(_) => return,
        What::Start => {
            let _ = writeln!(out, "<g class=\"start\"><title>the start</title>{}</g>", outline("box"));
            return;
        }
        What::Abort => {
            let text = format!("<text class=\"id\" x=\"{x:.1}\" y=\"{:.1}\">abort</text>", y + 4.5);
            let _ = writeln!(out, "<g class=\"refused\"><title>the end as failed</title>{}{text}</g>", outline("box"));
            return;
        }
        What::Step(step) => (step, false),
        What::Again(step) => (step, true),
    };
    let Some(node) = graph.nodes.get(step) else { return };
    let way = if node.on_way { " way" } else { "" };
    let id = escaped(&node.id);
    let _ = write!(
        out,
        "<g class=\"{}{way}\" data-step=\"{id}\"><title>{}</title>{}",
        node.sort.class(),
        escaped(&sentence(node)),
        outline("box")
    );
    if let Some(inner) = block.shape.inner((x, y), block.size) {
        let _ = write!(out, "<path class=\"inner\" d=\"{inner}\"/>");
    }
    let (text, what) = (escaped(&cut(&node.id, MOST)), escaped(&cut(node.what(), MOST)));
    let line = if again { y + 4.5 } else { y - 3.0 };
    let _ = write!(out, "<text class=\"id\" x=\"{x:.1}\" y=\"{line:.1}\">{text}</text>");
    if !again {
        let _ = write!(out, "<text class=\"what\" x=\"{x:.1}\" y=\"{:.1}\">{what}</text>", y + 13.0);
    }
    out.push_str("</g>\n");
}

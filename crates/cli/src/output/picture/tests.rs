#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod seen;

use std::fmt::Write;

use wayfarer_lang::graph::{Graph, Sort};
use wayfarer_lang::{Catalog, check_all};

use super::*;
use seen::{Area, Seen};

fn catalog() -> Catalog {
    let mut catalog = Catalog::forms();
    wayfarer::steps::all().iter().for_each(|step| catalog.insert(step.declaration().unwrap()).unwrap());
    catalog
}

/// The graph of one journey; what it may invoke beside it.
fn graphs(files: &[(String, String)]) -> Vec<Graph> {
    let checked = check_all(files.iter().map(|(name, text)| (name, text)), &catalog());
    checked.iter().map(|file| file.graph().unwrap_or_else(|| panic!("{:?}", file.findings))).collect()
}

fn graph(text: &str) -> Graph {
    graphs(&[("test.yaml".to_owned(), text.to_owned())]).remove(0)
}

#[expect(clippy::disallowed_methods, reason = "a test reads the journeys that are handed out")]
fn shipped() -> Vec<Graph> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../journeys");
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let files = names.iter().filter(|path| path.extension().is_some_and(|it| it == "yaml"));
    let files: Vec<_> =
        files.map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())).collect();
    assert!(files.len() >= 12);
    graphs(&files)
}

/// A journey of 60 steps and more than 100 exits: loops, rounds, decisions of many cases, and one end for nearly all that fails.
fn sixty() -> String {
    let mut out = String::from(
        "journey: sixty\ntitle: Sixty steps & \"more\"\nparams: { risk: string }\n\
         vars: { more: { type: boolean, default: true } }\nsteps:\n",
    );
    for step in 0..49 {
        let id = |step: usize| if step < 49 { format!("step_number_{step:02}") } else { "granted".to_owned() };
        let (id, next, near, far) = (id(step), id(step + 1), id(step + 2), id(step + 4));
        // Writing to a `String` cannot fail.
        let _ = match step {
            8 | 24 | 40 => writeln!(
                out,
                "  {id}:\n    type: while_loop\n    with: {{ while: more, max_iterations: 3 }}\n    steps:\n{}{}{}    \
                 branches: {{ next: {next}, exhausted: refused }}",
                asks(
                    "      ",
                    &format!("first_{step}"),
                    &format!("submit: known_{step}, cancel: refused, help: first_{step}")
                ),
                decides("      ", &format!("known_{step}"), &format!("then: last_{step}, else: continue")),
                asks(
                    "      ",
                    &format!("last_{step}"),
                    &format!("submit: continue, cancel: break, help: known_{step}")
                ),
            ),
            step if step % 6 == 1 => writeln!(
                out,
                "  {id}:\n    type: match_case\n    with: {{ on: \"@policy.request().params.risk\", cases: {{ low: l, unknown: u, medium: m, \
                 high: h, very_high: v, extreme: e }} }}\n    branches: {{ low: {next}, unknown: {next}, medium: {near}, high: {far}, \
                 very_high: {far}, extreme: refused, otherwise: refused }}"
            ),
            step if step % 6 == 3 => write!(out, "{}", decides("  ", &id, &format!("then: {next}, else: refused"))),
            step if step % 6 == 5 => writeln!(
                out,
                "  {id}: {{ type: set_temporary_variables, with: {{ variables: {{ more: false }} }}, next: {next} }}"
            ),
            _ => write!(out, "{}", asks("  ", &id, &format!("submit: {next}, cancel: refused, help: {id}"))),
        };
    }
    out.push_str("  granted: { type: complete_journey }\n  refused: { type: reject_access }\n");
    out
}

fn asks(indent: &str, id: &str, branches: &str) -> String {
    let with = "{ fields: { a: { type: string, label: A } }, options: { help: Help } }";
    format!("{indent}{id}: {{ type: collect_information, with: {with}, branches: {{ {branches} }} }}\n")
}

fn decides(indent: &str, id: &str, branches: &str) -> String {
    format!("{indent}{id}: {{ type: condition, with: {{ if: more }}, branches: {{ {branches} }} }}\n")
}

/// What holds for every picture.
fn look(graph: &Graph) -> Seen {
    let text = svg(graph).unwrap();
    let seen = Seen::of(&text);
    let name = &graph.id;
    for node in &graph.nodes {
        assert!(
            seen.boxes.iter().any(|it| it.step.as_deref() == Some(&*node.id)),
            "{name}: `{}` is not drawn",
            node.id
        );
    }
    for (place, it) in seen.boxes.iter().enumerate() {
        assert!(it.area.within(&seen.canvas), "{name}: {it:?} is outside");
        for text in &it.texts {
            assert!(text.within(&it.area), "{name}: {text:?} is not in {it:?}");
        }
        for other in &seen.boxes[place + 1..] {
            assert!(!it.area.overlaps(&other.area), "{name}: {it:?} and {other:?} overlap");
        }
    }
    for (place, text) in seen.texts.iter().enumerate() {
        assert!(text.within(&seen.canvas), "{name}: {text:?} is outside");
        assert!(!seen.boxes.iter().any(|it| it.area.overlaps(text)), "{name}: {text:?} covers a box");
        assert!(!seen.texts[place + 1..].iter().any(|other| other.overlaps(text)), "{name}: {text:?} covers another");
    }
    let exits = graph.arrows.iter().filter(|arrow| arrow.label().is_some()).count();
    assert_eq!(seen.labels, exits, "{name}: not each exit is named");
    assert_eq!(seen.lines.len(), graph.arrows.len() + 1, "{name}");
    for point in seen.lines.iter().flatten() {
        assert!(!seen.boxes.iter().any(|it| it.holds(*point)), "{name}: a line runs through a box at {point:?}");
        assert!(
            Area::around(*point, (0.0, 0.0)).within(&seen.canvas),
            "{name}: a line leaves the picture at {point:?}"
        );
    }
    assert_eq!(svg(graph).unwrap(), text, "{name} is drawn in two ways");
    seen
}

#[test]
fn every_journey_that_is_handed_out_is_readable() {
    for graph in shipped() {
        look(&graph);
    }
}

#[test]
fn sixty_steps_are_readable() {
    let graph = graph(&sixty());
    assert_eq!(graph.nodes.len(), 60);
    assert!(graph.arrows.iter().map(|arrow| arrow.exits.len().max(1)).sum::<usize>() > 120);
    assert!(graph.arrows.iter().any(|arrow| arrow.to == Some(arrow.from)), "none leads to itself");
    let seen = look(&graph);
    assert_eq!(seen.bodies, 3);
    // The end of nearly all that fails is drawn near each step that leads there.
    let refused = graph.nodes.iter().position(|node| node.sort == Sort::Refused);
    let arrows = graph.arrows.iter().filter(|arrow| arrow.to == refused).count();
    assert!(arrows > 20);
    assert_eq!(seen.boxes.iter().filter(|it| it.step.as_deref() == Some("refused")).count(), arrows);
}

#[test]
fn long_names_are_cut_and_stand_whole_in_the_title() {
    let (step, exit) = ("s".repeat(64), "e".repeat(64));
    let text = format!(
        "journey: long\ntitle: {}\nparams: {{ a: string }}\nsteps:\n  {step}:\n    type: match_case\n    with: {{ on: '@policy.request().params.a', \
         cases: {{ {exit}: b }} }}\n    branches: {{ {exit}: done, otherwise: abort }}\n  done: {{ type: complete_journey }}\n",
        "t".repeat(150)
    );
    let graph = graph(&text);
    let seen = look(&graph);
    let drawn = svg(&graph).unwrap();
    assert!(drawn.contains(&format!("<title>{step} (match_case) decides</title>")), "{drawn}");
    assert!(drawn.contains(&format!("<title>{step} ─{exit}→ done</title>")), "{drawn}");
    assert!(drawn.contains(&format!(">{}…{}<", "s".repeat(15), "s".repeat(14))), "{drawn}");
    assert!(drawn.contains(&format!(">{}…{}<", "e".repeat(13), "e".repeat(12))), "{drawn}");
    assert!(seen.canvas.right < 700.0, "{:?}", seen.canvas);
}

#[test]
fn what_an_author_writes_is_text() {
    let mut graph = graph("journey: a\nsteps:\n  done: { type: complete_journey }\n");
    let odd = "</title><script>alert(1)</script>]]>&\"'\u{0}\u{8}\u{202e}\n";
    graph.title = Some(odd.into());
    graph.nodes[0].id = odd.into();
    graph.nodes[0].type_name = odd.into();
    graph.id = odd.into();
    let drawn = svg(&graph).unwrap();
    let seen = Seen::of(&drawn);
    assert_eq!(seen.tags, ["desc", "g", "path", "rect", "style", "svg", "text", "title"]);
    assert!(!drawn.contains("<script") && !drawn.contains("]]>"), "{drawn}");
    let steering = |letter: char| letter != '\n' && letter.is_control() || letter == '\u{202e}';
    assert!(!drawn.chars().any(steering), "{drawn}");
}

#[test]
fn a_picture_needs_nothing_and_tells_itself() {
    let graphs = shipped();
    let graph = graphs.iter().find(|graph| &*graph.id == "temp_code_auth_journey").unwrap();
    let drawn = svg(graph).unwrap();
    for part in [
        " role=\"img\" aria-labelledby=\"temp_code_auth_journey-title temp_code_auth_journey-desc\"",
        "<title id=\"temp_code_auth_journey-title\">Account recovery with a temporary access code</title>",
        "The journey temp_code_auth_journey begins at verify_code. verify_code (temp_code_authentication) verifies a secret: success to \
         restore_access; failure, expired to deny_access. restore_access (complete_journey) ends with success.",
        "@media (prefers-color-scheme: dark)",
    ] {
        assert!(drawn.contains(part), "{part} in {drawn}");
    }
    for part in ["href", "url(", "@import", "<script", "<image", "onload"] {
        assert!(!drawn.contains(part), "{part} in {drawn}");
    }
}

#[test]
fn each_sort_of_step_has_its_shape() {
    let corners = |sort: Sort| {
        let shape = shape::Shape::of(sort);
        shape.outline((0.0, 0.0), (100.0, 40.0)).replace(|letter: char| !letter.is_ascii_alphabetic(), "")
    };
    assert_eq!(corners(Sort::Decision), "MLLLZ");
    assert_eq!(corners(Sort::Loop), "MLLLLLZ");
    assert_eq!(corners(Sort::Completed), corners(Sort::Refused));
    let inner = |sort: Sort| shape::Shape::of(sort).inner((0.0, 0.0), (100.0, 40.0));
    assert!(inner(Sort::Verifying).is_some() && inner(Sort::Step).is_none());
    let outline = |sort: Sort| shape::Shape::of(sort).outline((0.0, 0.0), (100.0, 40.0));
    assert_eq!(outline(Sort::Client), "M-34.0 -20.0 L50.0 -20.0 L34.0 20.0 L-50.0 20.0 Z");
    assert_eq!(outline(Sort::Journey), "M-34.0 -20.0 L34.0 -20.0 L50.0 20.0 L-50.0 20.0 Z");
}

#[test]
fn a_way_that_shows_too_little_is_marked() {
    let text = "\
journey: round
params: { user: string, code: { type: string, secret: true } }
steps:
  ask:
    type: display_information
    with: { title: A, text: b, button_text: c }
    timeout: 30s
    branches: { next: verify, timeout: done }
  verify:
    type: temp_code_authentication
    with: { external_user_id: '@policy.request().params.user', temp_code: '@policy.request().params.code' }
    branches: { success: done, failure: no }
  done: { type: complete_journey }
  no: { type: reject_access }
";
    let graph = graph(text);
    look(&graph);
    let drawn = svg(&graph).unwrap();
    let marked = drawn.lines().filter(|line| line.starts_with("<g class=\"") && line.contains(" way\"")).map(|line| {
        let title = &line[line.find("<title>").unwrap() + 7..line.find("</title>").unwrap()];
        title.split(" (").next().unwrap_or_default().to_owned()
    });
    assert_eq!(marked.collect::<Vec<_>>(), ["the start", "ask ─timeout→ done", "ask", "done"]);
    assert!(drawn.contains("class=\"says\""), "{drawn}");
    assert!(drawn.contains(">J0801: a way leads to `done` without a verification</text>"), "{drawn}");
    assert!(drawn.contains("Marked: a way leads to `done` without a verification (J0801), by ask, done."), "{drawn}");
    let sound = shipped().iter().map(|graph| svg(graph).unwrap()).collect::<String>();
    assert!(!sound.contains(" way\"") && !sound.contains("class=\"says\""));
}

#[test]
fn a_journey_that_is_too_large_is_no_picture() {
    let mut text = String::from("journey: a\nsteps:\n");
    for step in 0..700 {
        let _ = writeln!(
            text,
            "  s{step}: {{ type: display_information, with: {{ title: a, text: b, button_text: c }}, timeout: 9s, branches: {{ next: s{}, timeout: s{} }} }}",
            step + 1,
            (step + 9).min(700)
        );
    }
    text.push_str("  s700: { type: complete_journey }\n");
    assert_eq!(svg(&graph(&text)), Err(TooLarge));
}

#[test]
fn what_is_drawn_does_not_depend_on_what_was_drawn_before() {
    let first = graph(&sixty());
    let alone = svg(&first).unwrap();
    for other in shipped() {
        svg(&other).unwrap();
        assert_eq!(svg(&first).unwrap(), alone, "after {}", other.id);
    }
}

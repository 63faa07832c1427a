#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::Catalog;
use crate::graph::samples::NESTED;

fn graph(text: &str) -> Graph {
    let mut catalog = Catalog::forms();
    catalog.merge(Catalog::from_json(include_str!("../../check/tests/catalog.json")).unwrap()).unwrap();
    crate::check("test.yaml", text.as_bytes(), &catalog).graph().unwrap()
}

#[test]
fn a_journey_with_a_loop_is_drawn() {
    insta::assert_snapshot!(dot(&graph(include_str!("../../../../../journeys/recovery_three_tries.yaml"))));
}

#[test]
fn the_body_of_a_loop_in_a_loop_is_a_cluster_in_a_cluster() {
    let drawn = dot(&graph(NESTED));
    let lines = drawn.lines().filter(|line| line.contains(['{', '}']) || line.contains("label=\"")).map(|line| {
        let end = line.find(" [").unwrap_or(line.len());
        line.get(..end).unwrap_or_default()
    });
    let shape: Vec<_> = lines.filter(|line| !line.contains("->") && !line.trim().starts_with("graph")).collect();
    assert_eq!(
        shape,
        [
            "digraph \"nested\" {",
            "  label=\"nested\"",
            "  start",
            "  s0",
            "  subgraph cluster_s0 {",
            "    s1",
            "    subgraph cluster_s1 {",
            "      s2",
            "    }",
            "  }",
            "  s3",
            "  abort",
            "}",
        ]
    );
}

#[test]
fn no_text_can_break_out() {
    assert_eq!(quoted("a\"]; b [label=<x>\\N\n\\"), r#""a\"]; b [label=<x>\\N\n\\""#);
    assert_eq!(quoted("&lt;\u{202e}\r"), "\"&amp;lt;\u{fffd} \"");
    let mut graph = graph("journey: a\ntitle: 'x\"]\\'\nsteps:\n  done: { type: complete_journey }\n");
    assert!(dot(&graph).contains(r#"  label="x\"]\\""#));
    graph.nodes.iter_mut().for_each(|node| node.id = "a\"]".into());
    assert!(dot(&graph).contains(r#"[label="a\"]\ncomplete_journey", class"#));
}

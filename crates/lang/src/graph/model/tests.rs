#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use super::*;
use crate::graph::samples::NESTED;
use crate::graph::{dot, json, mermaid};
use crate::{Catalog, Checked};

fn check(text: &str) -> Checked {
    let mut catalog = Catalog::forms();
    catalog.merge(Catalog::from_json(include_str!("../../check/tests/catalog.json")).unwrap()).unwrap();
    crate::check("test.yaml", text.as_bytes(), &catalog)
}

/// Whoever is asked may go round the verification.
const ROUND: &str = "\
journey: round
params: { user: string, code: { type: string, secret: true } }
steps:
  pick:
    type: condition
    with: { if: '@policy.request().params.user == `a`' }
    branches: { then: tries, else: verify }
  tries:
    type: while_loop
    with: { while: 'true', max_iterations: 2 }
    steps:
      leave: { type: set_temporary_variables, with: { variables: { a: 1 } }, next: done }
    branches: { next: no, exhausted: no }
  verify:
    type: temp_code_authentication
    with: { external_user_id: '@policy.request().params.user', temp_code: '@policy.request().params.code' }
    branches: { success: done, failure: no }
  done: { type: complete_journey }
  no: { type: reject_access }
";

fn told(graph: &Graph) -> Vec<String> {
    let id = |place: usize| graph.nodes[place].id.to_string();
    let told = |arrow: &Arrow| {
        let to = arrow.to.map_or_else(|| "abort".to_owned(), id);
        format!("{} {} {to}: {}", id(arrow.from), arrow.kind.word(), arrow.label().unwrap_or_default())
    };
    graph.arrows.iter().map(told).collect()
}

#[test]
fn arrows_share_a_target_and_bodies_know_their_loop() {
    let checked = check(NESTED);
    let graph = checked.graph();
    assert!(graph.is_some(), "{:?}", checked.findings);
    let graph = graph.unwrap();
    let within: Vec<_> = graph.nodes.iter().map(|node| node.within).collect();
    assert_eq!(within, [None, Some(0), Some(1), None]);
    assert_eq!(
        told(&graph),
        [
            "outer body inner: body",
            "outer exit done: next, exhausted",
            "outer abort abort: failure",
            "inner body set: body",
            "inner continue outer: ",
            "inner exit done: exhausted",
            "inner abort abort: failure",
            "set continue inner: ",
        ]
    );
    let back: Vec<_> = graph.arrows.iter().filter(|arrow| arrow.is_back).map(|arrow| (arrow.from, arrow.to)).collect();
    assert_eq!(back, [(1, Some(0)), (2, Some(1))]);
    assert!(graph.ways.is_empty() && graph.nodes.iter().all(|node| !node.on_way));
}

#[test]
fn a_journey_that_proves_too_little_has_a_graph_with_the_way() {
    let checked = check(ROUND);
    assert!(checked.program.is_none(), "{:?}", checked.findings);
    let graph = checked.graph().unwrap();
    let [way] = graph.ways.as_slice() else { panic!("{:?}", graph.ways) };
    assert_eq!(way.code.id(), "J0801");
    let marked: Vec<_> = graph.nodes.iter().filter(|node| node.on_way).map(|node| &*node.id).collect();
    assert_eq!(marked, ["pick", "tries", "leave", "done"]);
    let taken = Graph { arrows: graph.arrows.iter().filter(|arrow| arrow.on_way).cloned().collect(), ..graph.clone() };
    assert_eq!(told(&taken), ["pick exit tries: then", "tries body leave: body", "leave exit done: "]);

    let mermaid = mermaid(&graph);
    assert!(
        mermaid.ends_with(
            "  class s0,s1,s2,s4 way\n  linkStyle 0,1,4,7 stroke:#c2185b,stroke-width:4px,stroke-dasharray:10 4\n"
        ),
        "{mermaid}"
    );
    let dot = dot(&graph);
    assert_eq!(dot.matches("color=\"#c2185b\", penwidth=4, style=dashed").count(), 4, "{dot}");
    assert_eq!(dot.matches("dashed\", penwidth=4, fillcolor").count(), 4, "{dot}");
    let steps = serde_json::json!([
        { "step": "pick", "exit": "then" }, { "step": "tries", "exit": "body" },
        { "step": "leave", "exit": "next" }, { "step": "done", "exit": null },
    ]);
    assert_eq!(json(&graph)["paths"][0]["steps"], steps);
}

#[test]
fn without_the_arrows_that_lead_back_there_are_no_rounds() {
    let ask = "type: display_information, with: { title: a, text: b, button_text: c }, timeout: 9s";
    let text = format!(
        "journey: rounds\nstart: b\nsteps:\n  a: {{ {ask}, branches: {{ next: b, timeout: c }} }}\n  b: {{ {ask}, branches: {{ next: c, timeout: b \
         }} }}\n  c: {{ {ask}, branches: {{ next: done, timeout: a }} }}\n  done: {{ type: complete_journey }}\n"
    );
    let checked = check(&text);
    assert!(checked.program.is_some(), "{:?}", checked.findings);
    let graph = checked.graph().unwrap();
    let back: Vec<_> = graph.arrows.iter().filter(|arrow| arrow.is_back).map(|arrow| (arrow.from, arrow.to)).collect();
    assert_eq!(back, [(0, Some(1)), (0, Some(2)), (1, Some(1))]);
}

#[test]
fn any_other_error_leaves_no_graph() {
    let checked = check(&ROUND.replace("failure: no }", "failure: nowhere }"));
    assert!(checked.graph().is_none() && checked.findings.has_errors());
    let checked = check("journey: [");
    assert!(checked.graph().is_none());
}

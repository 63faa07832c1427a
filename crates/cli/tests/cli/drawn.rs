//! `graph`: each language of drawings, ways that show too little, and what cannot be drawn.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::proofs::ROUND;
use crate::rig::{Rig, Said, reference};

fn graph(rig: &Rig, file: &str, format: &str) -> Said {
    rig.say(&["graph", file, "--format", format])
}

#[test]
fn a_journey_is_drawn_in_each_language() {
    let rig = Rig::new();
    let drawn = |format| graph(&rig, &reference(), format).ended(0);
    assert!(drawn("mermaid").out.starts_with("flowchart TD\n"));
    assert!(drawn("dot").out.starts_with("digraph \"temp_code_auth_journey\" {\n"));
    let svg = drawn("svg");
    assert!(svg.out.starts_with("<svg xmlns=") && svg.out.ends_with("</svg>\n") && svg.err.is_empty(), "{svg:?}");
    let graph = drawn("json").json();
    assert_eq!(
        (&graph["wayfarer_graph"], &graph["start"], &graph["paths"]),
        (&json!(1), &json!("verify_code"), &json!([]))
    );
    assert_eq!(
        graph["arrows"][1],
        json!({
            "from": "verify_code", "to": "deny_access", "exits": ["failure", "expired"], "kind": "exit",
        })
    );
}

#[test]
fn a_way_that_proves_too_little_is_marked_and_told() {
    let rig = Rig::new();
    let file = rig.file("round.yaml", ROUND);
    let drawn = |format| {
        let said = graph(&rig, &file, format).ended(1);
        assert!(said.err.contains("error[J0801]") && said.err.contains("the way: ask ─timeout→ done"), "{said:?}");
        said
    };
    assert!(drawn("mermaid").out.contains("\n  class s0,s2 way\n  linkStyle 0,2 stroke:"));
    assert!(drawn("dot").out.contains("  s0 -> s2 [label=\"timeout\", color=\"#c2185b\", penwidth=4, style=dashed]\n"));
    assert!(drawn("svg").out.contains("<g class=\"arrow way\"><title>ask ─timeout→ done</title>"));
    let path = json!([{
        "code": "J0801",
        "message": "a way leads to `done` without a verification",
        "steps": [{ "step": "ask", "exit": "timeout" }, { "step": "done", "exit": null }],
    }]);
    assert_eq!(drawn("json").json()["paths"], path);

    let log = rig.say(&["check", &file, "--format", "sarif"]).ended(1).json();
    let flow = &log["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(flow[0]["location"]["physicalLocation"]["region"]["startLine"], 6, "{log}");
    assert_eq!(flow[1]["location"]["message"]["text"], "`done`: here the way ends");
}

#[test]
fn any_other_mistake_is_the_answer() {
    let rig = Rig::new();
    let file = rig.file("round.yaml", ROUND.replace("failure: no", "failure: nowhere"));
    for format in ["mermaid", "dot", "svg"] {
        let said = graph(&rig, &file, format).ended(1);
        assert!(said.out.is_empty() && said.err.contains("there is no step `nowhere`"), "{said:?}");
    }
    let said = graph(&rig, &file, "json").ended(1);
    assert_eq!(said.json()["findings"][0]["code"], "J0202", "{said:?}");
    let said = graph(&rig, "nowhere.yaml", "json").ended(2);
    assert!(said.json()["error"]["code"].is_string(), "{said:?}");
}

#[test]
fn what_is_too_large_for_a_picture_can_be_drawn_by_others() {
    let rig = Rig::new();
    let mut text = String::from("journey: large\nsteps:\n");
    for step in 0..700 {
        let (next, far) = (step + 1, (step + 9).min(700));
        let with = "with: { title: a, text: b, button_text: c }";
        writeln!(text, "  s{step}: {{ type: display_information, {with}, timeout: 9s, branches: {{ next: s{next}, timeout: s{far} }} }}").unwrap();
    }
    text.push_str("  s700: { type: complete_journey }\n");
    let file = rig.file("large.yaml", text);
    let said = graph(&rig, &file, "svg").ended(2);
    assert!(said.out.is_empty() && said.err.contains("too large to be laid out as a picture"), "{said:?}");
    assert!(said.err.contains("help: take `--format dot`"), "{said:?}");
    graph(&rig, &file, "dot").ended(0);
    assert_eq!(graph(&rig, &file, "json").ended(0).json()["nodes"].as_array().map(Vec::len), Some(701));
}

#[test]
fn what_an_author_writes_cannot_break_out() {
    let rig = Rig::new();
    let title = "title: \"</title><script>alert(1)</script>]]> \\\" \\\\\"";
    let file = rig.file("odd.yaml", format!("journey: odd\n{title}\nsteps:\n  done: {{ type: complete_journey }}\n"));
    let svg = graph(&rig, &file, "svg").ended(0).out;
    assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;alert(1)"), "{svg}");
    let dot = graph(&rig, &file, "dot").ended(0).out;
    assert!(dot.contains(r#"  label="</title><script>alert(1)</script>]]> \" \\""#), "{dot}");
    let graph = graph(&rig, &file, "json").ended(0).json();
    assert_eq!(graph["title"], Json::from("</title><script>alert(1)</script>]]> \" \\"));
}

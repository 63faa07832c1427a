#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;

use super::*;
use crate::text::Source;
use crate::yaml::{self, Budget};

/// The findings of lowering: code and underlined text.
fn findings(text: &str) -> Vec<(&'static str, String)> {
    let (document, mut findings) = yaml::read(text.as_bytes(), &Budget::default());
    assert!(findings.is_empty(), "{findings:?}");
    findings.extend(lower(&document.unwrap()).1);
    findings.sort();
    let source = Source::new("test.yaml", text);
    findings.iter().map(|finding| (finding.code.id(), source.slice(finding.span).to_owned())).collect()
}

fn found(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(code, text)| (*code, (*text).to_owned())).collect();
    let found = findings(text);
    let found: Vec<_> = found.iter().map(|(code, text)| (*code, text.clone())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn all_mistakes_of_shape_come_at_once() {
    found(
        "journey: 1st\ntitel: x\nkind: mobil\nparams:\n  a-b: strin\nsteps:\n  abort:\n    tipe: condition\n  2nd: 5\n",
        &[
            ("J0104", "1st"),
            ("J0101", "titel"),
            ("J0107", "mobil"),
            ("J0104", "a-b"),
            ("J0108", "strin"),
            ("J0105", "abort"),
            ("J0101", "tipe"),
            ("J0104", "2nd"),
            ("J0103", "5"),
        ],
    );
}

#[test]
fn a_file_needs_an_id_and_steps() {
    found("title: x\n", &[("J0102", "title"), ("J0102", "title")]);
    for empty in ["", " {}", " ~"] {
        found(&format!("journey: a\nsteps:{empty}\n"), &[("J0106", "steps")]);
    }
    found("journey: a\nsteps: []\n", &[("J0103", "[]")]);
}

#[test]
fn times_and_durations_have_limits() {
    let step = |key: &str| format!("journey: a\nsteps:\n  b:\n    type: c\n    {key}\n");
    for (key, code, place) in [
        ("timeout: 30", "J0111", "30"),
        ("timeout: 0s", "J0111", "0s"),
        ("timeout: 1 h", "J0111", "1 h"),
        ("retry: { times: 0 }", "J0112", "0"),
        ("retry: { times: 10 }", "J0112", "10"),
        ("retry: { times: 1.5 }", "J0112", "1.5"),
        ("retry: { delay: 1s }", "J0102", "retry"),
        ("retry: { times: 1, delay: soon }", "J0111", "soon"),
        ("retry: { times: 1, after: 1s }", "J0101", "after"),
        ("retry: 3", "J0103", "3"),
    ] {
        found(&step(key), &[(code, place)]);
    }
    for key in ["timeout: 1h30m", "retry: { times: 9, delay: 0s }", "retry: { times: 1 }"] {
        found(&step(key), &[]);
    }
}

#[test]
fn a_type_is_wrong_at_its_exact_word() {
    let params = |ty: &str| format!("journey: a\nparams:\n  p: {ty}\nsteps: {{ b: {{ type: c }} }}\n");
    for (ty, expected) in [
        ("strnig", &[("J0108", "strnig")][..]),
        ("[string]", &[("J0103", "[string]")]),
        ("{ max_length: 3 }", &[("J0102", "{ max_length: 3 }")]),
        ("{ type: string, max_lenght: 3 }", &[("J0101", "max_lenght")]),
        ("{ type: string, max_length: -3 }", &[("J0103", "-3")]),
        ("{ type: string, required: 'no' }", &[("J0103", "'no'")]),
        ("{ type: array, items: { type: txt } }", &[("J0108", "txt")]),
        ("{ type: object, properties: { x: txt, y: 3 } }", &[("J0108", "txt"), ("J0103", "3")]),
        ("{ type: integer, default: many }", &[("J0109", "many")]),
        ("{ type: string, values: [a, 5] }", &[("J0109", "[a, 5]")]),
        ("{ type: string, min_length: 4, max_length: 3 }", &[("J0109", "4")]),
        ("{ type: object, properties: { x: { type: string, minimum: 1 } } }", &[("J0109", "string")]),
        ("{ type: string, secret: true, max_length: 8 }", &[]),
        ("{ type: any, default: ~ }", &[]),
    ] {
        found(&params(ty), expected);
    }
}

#[test]
fn names_have_a_form_and_a_length() {
    for name in ["a", "_", "A9-_", &"x".repeat(64)] {
        assert!(is_identifier(name), "{name}");
    }
    for name in ["", "9a", "-a", "a b", "é", "a.b", "a\n", &"x".repeat(65)] {
        assert!(!is_identifier(name), "{name}");
    }
    assert!(is_variable_name("a_9") && !is_variable_name("a-9"));
}

#[test]
fn a_journey_built_in_code_reads_as_a_file_would() {
    let value = json!({
        "journey": "built",
        "title": "yes",
        "kind": "backend",
        "requires": "authentication",
        "params": { "code": { "type": "string", "secret": true }, "size": "integer" },
        "vars": { "seen": { "type": "boolean", "default": false } },
        "outputs": { "size": "integer" },
        "start": "ask",
        "steps": {
            "done": {
                "type": "complete_journey",
                "unauthenticated": true,
                "with": { "data": { "size": "@policy.request().params.size" } },
            },
            "ask": {
                "type": "pick",
                "note": "1.0",
                "with": { "options": { "a": "# no comment", "b": [1, 2.5, null, "~"] } },
                "output": "picked",
                "error_output": "failed",
                "timeout": "1m30s",
                "retry": { "times": 2, "delay": "500ms" },
                "branches": { "a": "done", "b": "abort" },
            },
        },
    });
    let (source, journey) = Journey::from_value("built.yaml", &value).unwrap();
    assert_eq!(journey.to_value(), value);
    assert_eq!(source.slice(journey.start.unwrap().span), "ask");
}

#[test]
fn what_is_no_journey_comes_back_with_findings_and_the_text() {
    let built = Journey::from_value("x", &json!({ "steps": { "a": 1 } })).map(|_| ());
    let (source_text, findings) = match built {
        Err(FromValueError::Read { source_text, findings }) => (source_text, findings),
        other => (Source::new("", format!("{other:?}")), crate::Findings::new()),
    };
    let codes: Vec<_> = findings.iter().map(|finding| (finding.code.id(), source_text.slice(finding.span))).collect();
    assert_eq!(codes, [("J0102", "steps"), ("J0103", "1")]);
    assert!(matches!(Journey::from_value("x", &json!([])), Err(FromValueError::Read { .. })));
}

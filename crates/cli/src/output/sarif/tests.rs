#![expect(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use wayfarer_lang::diagnostic::Certainty;

use super::*;
use crate::failure::Failure;

#[test]
fn columns_are_code_units_of_utf_16() {
    let source = Source::new("/j/a b#.yaml", "\u{feff}é: 🔑x\nb: 2\n");
    let key = Span::new(5, 7);
    let x = source.text().find('x').and_then(|at| u32::try_from(at).ok()).unwrap_or_default();
    let finding =
        Diagnostic::error(Code::SYNTAX, Span::new(x, x + 1), "a {0} [link](1)").help("write `x`").label(key, "{}");
    let finding = finding.fix(Fix::replace(Certainty::Likely, Span::new(x, x + 1), "{y}"));
    let error = Error::from(Failure::new("cannot_open", "cannot open `{b}`"));
    let log = log([(&source, None, &finding)].into_iter(), &[error]);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let result = &run["results"][0];
    let region = json!({ "startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 7 });
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place, &json!({ "artifactLocation": { "uri": "file:///j/a%20b%23.yaml" }, "region": region }));
    assert_eq!(result["message"]["text"], "a {{0}} [link] (1) (write `x`)");
    assert_eq!(result["relatedLocations"][0]["message"]["text"], "{{}}");
    let replacement = json!({ "deletedRegion": region, "insertedContent": { "text": "{y}" } });
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"], json!([replacement]));
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"], "cannot open `{{b}}`");
}

#[test]
fn each_code_is_one_rule_with_its_page() {
    let source = Source::new("a.yaml", "a: 1\n");
    let at = |code| Diagnostic::error(code, Span::new(0, 1), "no");
    let findings = [at(Code::UNKNOWN_KEY), at(Code::SYNTAX), at(Code::UNKNOWN_KEY)];
    let log = log(findings.iter().map(|finding| (&source, None, finding)), &[]);
    let run = &log["runs"][0];
    let rules = &run["tool"]["driver"]["rules"];
    assert_eq!((&rules[0]["id"], &rules[1]["id"], &rules[2]), (&json!("J0005"), &json!("J0101"), &Json::Null));
    let text = rules[1]["help"]["text"].as_str().unwrap_or_default();
    assert!(text.starts_with("J0101: ") && !text.contains(['\u{1b}', '#']), "{text}");
    assert_eq!(rules[1]["help"]["markdown"], Code::UNKNOWN_KEY.page());
    assert_eq!(
        run["results"].as_array().map(|results| results.iter().map(|result| result["ruleIndex"].clone()).collect()),
        Some(vec![json!(1), json!(0), json!(1)])
    );
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn a_way_is_a_code_flow_with_the_places_of_its_steps() {
    let text =
        "journey: a\nsteps:\n  turns:\n    type: while_loop\n    steps:\n      ask: { type: x }\n  done: { type: y }\n";
    let checked = wayfarer_lang::check("a.yaml", text.as_bytes(), &wayfarer_lang::Catalog::forms());
    let hop = |step: &str, exit: Option<&str>| Hop { step: step.into(), exit: exit.map(Into::into) };
    let finding = Diagnostic::error(Code::UNVERIFIED, Span::new(0, 1), "no").path(vec![
        hop("turns", Some("body")),
        hop("ask", Some("{next}")),
        hop("elsewhere", None),
    ]);
    let found = |journey| log([(&checked.source, journey, &finding)].into_iter(), &[]);
    let log = found(checked.journey.as_ref());
    let flow = &log["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(flow[0]["location"]["physicalLocation"]["region"]["startLine"], 3, "{flow}");
    assert_eq!(flow[0]["location"]["message"]["text"], "`turns` is left by `body`");
    let region = json!({ "startLine": 6, "startColumn": 7, "endLine": 6, "endColumn": 10 });
    assert_eq!(flow[1]["location"]["physicalLocation"]["region"], region);
    assert_eq!(flow[1]["location"]["message"]["text"], "`ask` is left by `{{next}}`");
    let last = json!({
        "logicalLocations": [{ "name": "elsewhere" }],
        "message": { "text": "`elsewhere`: here the way ends" },
    });
    assert_eq!((&flow[2]["location"], &flow[3]), (&last, &Json::Null));
    let log = found(None);
    assert_eq!(
        log["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"][0]["location"]
            .get("physicalLocation"),
        None
    );
    let bare = Diagnostic::error(Code::SYNTAX, Span::new(0, 1), "no");
    let log = super::log([(&checked.source, None, &bare)].into_iter(), &[]);
    assert_eq!(log["runs"][0]["results"][0].get("codeFlows"), None);
}

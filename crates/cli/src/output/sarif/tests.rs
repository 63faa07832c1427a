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
    let log = log([(&source, &finding)].into_iter(), &[error]);
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
    let log = log(findings.iter().map(|finding| (&source, finding)), &[]);
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

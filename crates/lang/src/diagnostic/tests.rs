#![expect(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use super::*;

#[test]
fn json_has_the_documented_fields_and_one_based_character_columns() {
    let source = Source::new("journeys/a.yaml", "journey: ä\nsteps: b\n");
    let finding = Diagnostic::error(Code::SYNTAX, Span::new(9, 11), "no").help("write another");
    assert_eq!(
        finding.to_json(&source),
        json!({
            "code": "J0005", "severity": "error", "message": "no", "help": "write another",
            "file": "journeys/a.yaml", "line": 1, "column": 10, "end_line": 1, "end_column": 11, "fix": null,
        })
    );
    assert_eq!(Diagnostic::note(Code::SYNTAX, Span::at(0), "no").to_json(&source)["help"], json!(null));
}

#[test]
fn findings_are_sorted_by_place_and_repetitions_dropped() {
    let at = |start, message: &str| Diagnostic::warning(Code::SYNTAX, Span::at(start), message);
    let mut findings: Findings = [at(5, "b"), at(1, "c"), at(5, "a"), at(5, "b")].into_iter().collect();
    findings.sort();
    let order: Vec<_> = findings.iter().map(|finding| (finding.span.start, finding.message.as_str())).collect();
    assert_eq!(order, [(1, "c"), (5, "a"), (5, "b")]);
    assert!(!findings.has_errors());
    findings.push(Diagnostic::error(Code::SYNTAX, Span::at(0), "d"));
    assert!(findings.has_errors());
    assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Note);
}

#[test]
fn a_limit_drops_warnings_before_errors_and_says_so() {
    let warning = |start| Diagnostic::warning(Code::SYNTAX, Span::at(start), "w");
    let error = |start| Diagnostic::error(Code::SYNTAX, Span::at(start), "e");
    let mut findings = Findings::from(vec![warning(1), error(9), warning(2), error(8), warning(3)]);
    findings.limit(5);
    assert_eq!(findings.len(), 5, "nothing is dropped at the limit");
    findings.limit(3);
    let shown: Vec<_> = findings.iter().map(|finding| (finding.span.start, finding.message.as_str())).collect();
    assert_eq!(shown, [(1, "w"), (2, "2 more mistakes are not shown"), (8, "e"), (9, "e")]);
    findings.limit(1);
    assert!(findings.has_errors());
    assert_eq!(findings.len(), 2);
}

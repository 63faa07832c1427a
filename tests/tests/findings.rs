//! Holds `spec/findings.md` and the pages of the codes to what the checker really finds.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use wayfarer_lang::{Catalog, Checked, Code, Findings, Source, check, check_all};
use wayfarer_tests::known::built_in;
use wayfarer_tests::pages::{Fence, groups};

/// Codes whose mistake cannot stand in a fence: bytes that are no text, invisible characters, sheer size, and what takes a
/// step of a host's own.
const NOT_IN_A_FENCE: [&str; 7] = ["J0001", "J0002", "J0012", "J0013", "J0015", "J0020", "J0804"];

/// Codes that take a `wayfarer.yaml`, whose pages are held by the tests of the command line.
const OF_THE_CONFIGURATION: [&str; 2] = ["J06", "J0806"];

fn is_of_the_configuration(code: Code) -> bool {
    OF_THE_CONFIGURATION.iter().any(|begins| code.id().starts_with(begins))
}

/// One finding as the spec writes it: line in the journey, then `error[J0000]: at "text"`.
type Expected = (usize, String);

/// The findings that the comments of a journey name.
fn expected(journey: &str) -> Vec<Expected> {
    let mut all = Vec::new();
    let mut begins = 1;
    for (index, line) in journey.lines().enumerate() {
        let comment = line.trim_start().strip_prefix("# ").unwrap_or_default();
        if ["error[", "warning[", "note["].iter().any(|weight| comment.starts_with(weight)) {
            all.push((begins, comment.to_owned()));
        } else {
            begins = index + 1;
        }
    }
    all.sort();
    all
}

fn found(source: &Source, findings: &Findings) -> Vec<Expected> {
    let escaped = |text: &str| text.replace('\n', "\\n").replace('\t', "\\t");
    let mut all: Vec<_> = findings
        .iter()
        .map(|finding| {
            let line = source.position(finding.span.start).line as usize;
            let under = escaped(source.slice(finding.span));
            (line, format!("{}[{}]: at \"{under}\"", finding.severity.word(), finding.code))
        })
        .collect();
    all.sort();
    all
}

fn findings_of(group: &[Fence<'_>], catalog: &Catalog) -> Vec<(Source, Findings)> {
    let checked = check_all(group.iter().map(|fence| ("journey.yaml", &fence.text)), catalog);
    for finding in checked.iter().flat_map(|file| &file.findings) {
        assert_eq!(finding.severity, finding.code.severity(), "the table knows the weight: {finding:?}");
    }
    checked.into_iter().map(|Checked { source, findings, .. }| (source, findings)).collect()
}

#[test]
fn every_journey_of_the_spec_has_exactly_the_findings_that_it_names() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/spec/findings.md");
    let page = std::fs::read_to_string(path).unwrap();
    let catalog = built_in();
    let (mut wrong, mut shown, mut single) = (String::new(), BTreeSet::new(), 0);
    let groups = groups(&page);
    let checked = groups.iter().flat_map(|group| group.iter().zip(findings_of(group, &catalog)));
    for (fence, (source, findings)) in checked {
        let (expected, found) = (expected(&fence.text), found(&source, &findings));
        single += usize::from(expected.len() == 1);
        shown.extend(findings.iter().map(|finding| finding.code));
        for (line, text) in found.iter().filter(|finding| !expected.contains(finding)) {
            writeln!(wrong, "{path}:{}: found, not named: {text}", fence.line + line - 1).unwrap();
        }
        for (line, text) in expected.iter().filter(|finding| !found.contains(finding)) {
            writeln!(wrong, "{path}:{}: named, not found: {text}", fence.line + line - 1).unwrap();
        }
        if expected.len() != found.len() {
            writeln!(wrong, "{path}:{}: {} named, {} found", fence.line, expected.len(), found.len()).unwrap();
        }
    }
    assert_eq!(wrong, "", "\n{wrong}");
    assert!(single >= 30, "{single} journeys with one mistake");
    let of_journeys = |code: &Code| !NOT_IN_A_FENCE.contains(&code.id()) && !is_of_the_configuration(*code);
    let missing: Vec<_> = Code::all().filter(|code| of_journeys(code) && !shown.contains(code)).collect();
    assert_eq!(missing, [], "every code that a fence can show is shown");
}

#[test]
fn every_page_of_a_code_shows_what_it_says() {
    let catalog = built_in();
    let mut wrong = String::new();
    for code in Code::all().filter(|code| !is_of_the_configuration(*code)) {
        let groups = groups(code.page());
        for group in groups.into_iter().filter(|group| group.first().is_some_and(|fence| fence.language == "yaml")) {
            let checked = findings_of(&group, &catalog);
            let heading = group.first().map_or("", |fence| fence.heading);
            let good = match heading {
                "Wrong" => checked.iter().flat_map(|(_, findings)| findings).any(|finding| finding.code == code),
                _ => checked.iter().all(|(_, findings)| findings.is_empty()),
            };
            if !good {
                let found: Vec<_> = checked.iter().map(|(source, findings)| found(source, findings)).collect();
                writeln!(wrong, "{code}, {heading}: {found:?}").unwrap();
            }
        }
    }
    assert_eq!(wrong, "", "\n{wrong}");
}

/// R90: thousands of mistakes cost little, and are not all shown.
#[test]
fn a_file_full_of_mistakes_has_a_bounded_list() {
    let name = "a_long_name_that_is_much_like_all_the_others_in_this_file";
    let mut text = String::from("journey: a\nsteps:\n");
    for number in 0..5000 {
        writeln!(text, " {name}{number}: {{ type: complete_jorney, next: x_{name}{number} }}").unwrap();
    }
    let checked = check("journey.yaml", text.as_bytes(), &built_in());
    assert!(checked.program.is_none() && checked.findings.has_errors());
    assert_eq!(checked.findings.len(), 1001, "a thousand and a note");
    assert_eq!(checked.findings.iter().filter(|finding| finding.code == Code::TOO_MANY_FINDINGS).count(), 1);
}
